import { type ClockRule, stampedRows } from '#platform/clock-step';
import { retryDelaySecondsMax } from './backoff.ts';
import { claimSeconds } from './delivery-job.ts';

export const notificationsClockRules: readonly ClockRule[] = [
  stampedRows({ table: 'environment_declarations', past: ['declared_at'] }),
  stampedRows({ table: 'notifications', past: ['created_at', 'settled_at'] }),
  stampedRows({
    table: 'notification_messages',
    past: ['created_at', 'settled_at'],
    ahead: { due_at: retryDelaySecondsMax, claimed_until: claimSeconds },
  }),
];
