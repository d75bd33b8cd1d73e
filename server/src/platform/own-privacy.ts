import { personalRows } from './personal-rows.ts';

/** The ground floor's own. */
export const platformPrivacy = [
  personalRows({
    table: 'idempotency_keys',
    what: 'answers of the last day to a caller, kept for repeated requests',
    idsWithin: ['caller'],
    texts: ['body'],
    json: ['headers'],
    beside: ['created_at', 'status'],
    erases: 'row',
  }),
  personalRows({
    table: 'monitoring_settings',
    what: 'who changed a setting',
    names: { set_by: null },
    beside: ['name', 'set_at'],
    erases: 'trace',
  }),
];
