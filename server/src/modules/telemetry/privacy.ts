import { personalRows } from '#platform/personal-rows';

export const telemetryPrivacy = [
  personalRows({
    table: 'events',
    what: 'a customer as the sender of the event names it; only an address is found',
    addresses: ['user_ref'],
    beside: ['organization_id', 'type', 'occurred_at'],
    erases: 'trace',
  }),
];
