import { defineOutbox } from '#platform/outbox';

/**
 * The outbox of alerts: its rows are the transitions whose messages are not planned yet. The row is written in the
 * transaction that changes the alert, so no process can die between the two.
 */
export const alertOutbox = defineOutbox<{ readonly alertId: string }>({
  name: 'changes of alerts',
  table: 'alert_transitions',
  columns: { alertId: 'alert_id' },
  oldestBy: 'at',
});
