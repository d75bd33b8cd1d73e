import { type ClockRule, stampedRows } from '#platform/clock-step';

/**
 * Cooldowns, escalations and pending conditions count from these times, and a tick continues from the state that
 * detection stored.
 */
export const alertingClockRules: readonly ClockRule[] = [
  stampedRows({
    table: 'alerts',
    past: ['opened_at', 'acknowledged_at', 'escalated_at', 'resolved_at'],
    mark: 'details',
  }),
  stampedRows({
    table: 'alert_transitions',
    past: ['at', 'planned_at'],
    // A row that waits for its next attempt gets it now. That costs less than waiting for a time in the future.
    ahead: { plan_after: 0 },
    mark: 'details',
  }),
  stampedRows({ table: 'rule_pending', past: ['since', 'seen_at'] }),
  stampedRows({ table: 'rule_revisions', past: ['at'] }),
  stampedRows({ table: 'maintenance_shown', past: ['since'] }),
  stampedRows({
    table: 'detection_state',
    past: ['last_tick_at', 'watching_since', 'watched_until', 'suspected_since'],
  }),
];
