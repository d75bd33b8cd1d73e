import { type ClockRule, stampedRows } from '#platform/clock-step';
import { retryDelaySecondsMax } from './queue/backoff.ts';
import { claimSeconds } from './queue/delivery-job.ts';

export const deliveryClockRules: readonly ClockRule[] = [
  stampedRows({
    table: 'recipients',
    past: ['created_at', 'opted_in_at', 'verified_at', 'suppressed_at'],
  }),
  stampedRows({ table: 'channel_callbacks', past: ['taken_at'] }),
  stampedRows({ table: 'recipient_confirmations', past: ['asked_at'] }),
  stampedRows({ table: 'environment_declarations', past: ['declared_at'] }),
  stampedRows({ table: 'notifications', past: ['created_at', 'settled_at'] }),
  stampedRows({
    table: 'notification_messages',
    past: ['created_at', 'settled_at'],
    ahead: { due_at: retryDelaySecondsMax, claimed_until: claimSeconds },
  }),
];
