/** One earlier row to the same recipient, as the ledger has it just before a message is sent. */
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
  /** An earlier one is on its way this very moment: come back in a second. */
  | { readonly verdict: 'wait' }
  /** It is not to be told any more. */
  | { readonly verdict: 'skip'; readonly withdraw: readonly EarlierRow[]; readonly reason: string };

/** Decides, just before a message is sent, whether its planned rows may still be told. */
export interface Gate {
  /** Kinds of transitions that it is asked about; all others are told as planned. */
  readonly judges: readonly string[];
  /** Kinds of earlier transitions of the same subject that it judges by. */
  readonly judgesBy: readonly string[];
  readonly judge: (earlier: readonly EarlierRow[], ownMessageId: string) => GateVerdict;
  /** Why an earlier row that still waits is withdrawn. */
  readonly withdrawnReason: (row: EarlierRow) => string;
}
