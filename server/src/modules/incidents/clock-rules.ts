import { snoozeSecondsMax } from '@watchkeeper/contracts';
import { type ClockRule, stampedRows } from '#platform/clock-step';

/** Windows, snoozes and flapping count from these times. */
export const incidentClockRules: readonly ClockRule[] = [
  stampedRows({
    table: 'incidents',
    past: ['opened_at', 'last_joined_at', 'acknowledged_at', 'resolved_at', 'turned_at', 'flapping_since'],
    ahead: { snoozed_until: snoozeSecondsMax },
    mark: 'counts',
  }),
  stampedRows({ table: 'incident_alerts', past: ['joined_at', 'recovered_at'] }),
  stampedRows({
    table: 'incident_transitions',
    past: ['at', 'planned_at'],
    // A row that waits is told now. That costs less than waiting for a time in the future.
    ahead: { plan_after: 0 },
    mark: 'details',
  }),
  stampedRows({ table: 'incident_links', past: ['added_at'] }),
];
