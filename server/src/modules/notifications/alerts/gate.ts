import type { EarlierRow, Gate, GateVerdict } from '#modules/delivery';

/** Changes of an alert by which people learned that there is one. */
const openingKinds: readonly string[] = ['opened', 'unsuppressed', 'reopened', 'escalated'];

/** Why an earlier row that still waits will not be sent. */
export function withdrawnReason(row: Pick<EarlierRow, 'maybeDelivered'>): string {
  return row.maybeDelivered
    ? 'No answer came, and it recovered before the next try.'
    : 'It recovered before this could be sent.';
}

/**
 * For a resolution that overtakes its opening, because the receiver is slow or fails. People receive "resolved" only
 * after "open". If the opening did not arrive, they receive neither. An attempt that ended without an answer may have
 * arrived, so its resolution is sent.
 */
export function judgeResolution(earlier: readonly EarlierRow[], ownMessageId: string): GateVerdict {
  const pending = earlier.filter((row) => row.status === 'pending');
  const elsewhere = pending.filter((row) => row.messageId !== ownMessageId);
  if (elsewhere.some((row) => row.inFlight)) return { verdict: 'wait' };
  if (earlier.some((row) => row.status === 'sent' || row.maybeDelivered))
    return { verdict: 'tell', withdraw: pending };
  const failed = earlier.find((row) => row.status === 'failed');
  const reason =
    failed === undefined
      ? 'It recovered before anyone was told.'
      : `They were not told of the opening: ${failed.reason ?? 'the delivery failed.'}`;
  return { verdict: 'skip', withdraw: pending, reason };
}

export const alertGate: Gate = {
  judges: ['resolved'],
  judgesBy: openingKinds,
  judge: judgeResolution,
  withdrawnReason,
};
