import { type ClockRule, stampedRows } from '#platform/clock-step';

/** The spans of overrides are chosen by people, not stamped. */
export const onCallClockRules: readonly ClockRule[] = [
  stampedRows({ table: 'oncall_teams', past: ['created_at', 'updated_at'] }),
  stampedRows({ table: 'oncall_schedules', past: ['created_at', 'updated_at'] }),
  stampedRows({ table: 'oncall_overrides', past: ['created_at'] }),
  stampedRows({ table: 'oncall_feeds', past: ['created_at'] }),
  stampedRows({ table: 'oncall_swaps', past: ['created_at', 'answered_at'] }),
];
