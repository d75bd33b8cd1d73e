import { defineOutbox } from '#platform/outbox';

/**
 * The outbox of incidents: its rows are the lines of the timelines whose messages are not planned yet. A row is written
 * in the transaction that changes the incident. `plan_after` holds the first rows of a new incident back while it
 * collects alerts, and the end of a short one until it has held.
 */
export const incidentOutbox = defineOutbox<{ readonly incidentId: string; readonly kind: string }>({
  name: 'changes of incidents',
  table: 'incident_transitions',
  columns: { incidentId: 'incident_id', kind: 'kind' },
  oldestBy: 'at',
});
