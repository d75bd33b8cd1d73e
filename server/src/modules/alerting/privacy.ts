import { personalRows } from '#platform/personal-rows';

export const alertingPrivacy = [
  personalRows({
    table: 'rule_revisions',
    what: 'who changed a rule',
    ids: ['actor_id'],
    names: { actor_name: 'actor_id' },
    json: ['snapshot'],
    beside: ['rule_id', 'at', 'change'],
    erases: 'trace',
  }),
  personalRows({
    table: 'alerts',
    what: 'who acknowledged and resolved an alert, and what they wrote',
    names: { acknowledged_by: null, resolved_by: null },
    texts: ['title', 'why', 'resolved_reason', 'action_taken', 'suppressed_reason'],
    json: ['details'],
    beside: ['id', 'opened_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'alert_transitions',
    what: 'who did what to an alert, and the notes about it',
    ids: ['actor_id'],
    names: { actor_name: 'actor_id' },
    texts: ['why', 'note'],
    json: ['details'],
    beside: ['at', 'kind', 'alert_id'],
    erases: 'trace',
  }),
  personalRows({
    table: 'alert_views',
    what: "a member's own views of the alerts",
    ids: ['user_id'],
    texts: ['name'],
    json: ['filter'],
    erases: 'row',
  }),
];
