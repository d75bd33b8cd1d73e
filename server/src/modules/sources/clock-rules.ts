import { type ClockRule, stampedRows } from '#platform/clock-step';
import { notBeforeSecondsMax } from './call.ts';

export const sourcesClockRules: readonly ClockRule[] = [
  stampedRows({ table: 'source_readings', past: ['read_at'], ahead: { not_before: notBeforeSecondsMax } }),
];
