import { personalRows } from '#platform/personal-rows';

export const incidentsPrivacy = [
  personalRows({
    table: 'incidents',
    what: 'who has, acknowledged and resolved an incident, and what they wrote',
    ids: ['assigned_to'],
    names: { assigned_name: 'assigned_to', acknowledged_by: null, resolved_by: null, priority_by: null },
    texts: ['title', 'priority_reason', 'resolved_reason', 'action_taken', 'muted_reason', 'note'],
    json: ['verdict', 'priority_inputs', 'counts'],
    beside: ['id', 'number', 'opened_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'incident_transitions',
    what: 'who did what to an incident, and the notes about it',
    ids: ['actor_id'],
    names: { actor_name: 'actor_id' },
    texts: ['why', 'note'],
    json: ['details'],
    beside: ['at', 'kind', 'incident_id'],
    erases: 'trace',
  }),
  personalRows({
    table: 'incident_links',
    what: 'who added a link to an incident',
    names: { added_by: null },
    texts: ['url', 'title'],
    beside: ['incident_id', 'added_at'],
    erases: 'trace',
  }),
];
