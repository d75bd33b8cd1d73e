import { type ClockRule, deletedAhead, stampedRows } from '#platform/clock-step';

export const operationsClockRules: readonly ClockRule[] = [
  deletedAhead('service_health', 'from_at'),
  stampedRows({ table: 'service_health', past: ['to_at'] }),
];
