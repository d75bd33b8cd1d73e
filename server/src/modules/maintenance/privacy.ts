import { personalRows } from '#platform/personal-rows';

export const maintenancePrivacy = [
  personalRows({
    table: 'maintenance_windows',
    what: 'who planned a maintenance, who asked for it, and what they wrote',
    ids: ['created_by_id'],
    names: { created_by_name: 'created_by_id', requested_by: null },
    texts: ['reason', 'auto_reply', 'reference'],
    beside: ['id', 'slug', 'created_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'maintenance_runs',
    what: 'who ended a maintenance',
    names: { ended_by: null },
    json: ['report'],
    beside: ['window_id', 'started_at', 'ended_at'],
    erases: 'trace',
  }),
];
