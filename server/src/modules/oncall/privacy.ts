import { personalRows } from '#platform/personal-rows';

export const onCallPrivacy = [
  personalRows({
    table: 'oncall_teams',
    what: 'the teams of a person',
    idsWithin: ['members'],
    texts: ['name'],
    beside: ['id'],
    erases: 'trace',
  }),
  personalRows({
    table: 'oncall_schedules',
    what: 'the schedules in which a person takes turns',
    texts: ['name'],
    idsWithin: ['layers'],
    json: ['layers'],
    beside: ['id'],
    erases: 'trace',
  }),
  personalRows({
    table: 'oncall_overrides',
    what: 'when a person was on call out of turn, who arranged it, and why',
    ids: ['user_id', 'created_by_id'],
    names: { created_by: 'created_by_id' },
    texts: ['reason'],
    beside: ['schedule_id', 'starts_at', 'ends_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'oncall_swaps',
    what: 'who asked whom to take time on call',
    ids: ['asked_by_id', 'asked_id'],
    beside: ['schedule_id', 'starts_at', 'ends_at', 'status'],
    erases: 'trace',
  }),
  personalRows({
    table: 'oncall_feeds',
    what: 'that a calendar program reads the shifts of a person',
    ids: ['user_id'],
    beside: ['created_at'],
    erases: 'row',
  }),
];
