/** What the ledger says, just before a resolution goes out, of one earlier row to the same recipient. */
export interface EarlierRow {
  readonly notificationId: string;
  readonly messageId: string | null;
  readonly status: string;
  readonly reason: string | null;
  /** A worker is sending its message right now. */
  readonly inFlight: boolean;
  readonly maybeDelivered: boolean;
}

export type GateVerdict =
  /** Send; earlier rows that still wait have become pointless. */
  | { readonly verdict: 'tell'; readonly withdraw: readonly EarlierRow[] }
  /** The opening is on its way this very moment: come back in a second. */
  | { readonly verdict: 'wait' }
  /** Nobody heard of it, so nobody needs to hear that it is over. */
  | { readonly verdict: 'skip'; readonly withdraw: readonly EarlierRow[]; readonly reason: string };

/** Why an earlier row that still waits is told no more. */
export function withdrawnReason(row: Pick<EarlierRow, 'maybeDelivered'>): string {
  return row.maybeDelivered
    ? 'No answer came, and it recovered before the next try.'
    : 'It recovered before this could be sent.';
}

/**
 * A resolution that overtakes its opening (a slow or failing receiver): nobody is told "resolved" before
 * "open", and nobody is told of both when neither arrived. An attempt that ended without an answer may
 * have arrived, so its resolution is told.
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
