/** One change of a subject of which somebody may have to hear. */
export interface Transition<Facts extends object = object> {
  readonly id: string;
  readonly subjectId: string;
  readonly kind: string;
  /** What there is to tell, as it was at the transition: a retry says the same. */
  readonly facts: Facts;
}

/** Whose rows they are: a topic, as the ledger knows it. */
export interface LedgerTopic {
  readonly topic: string;
  readonly version: number;
}

/** One row of the ledger that is to be written: a transition, a channel and a recipient. */
export interface PlannedRow<Of extends Transition = Transition> {
  readonly transition: Of;
  /** null: no channel was there to tell, or a recipient of its own is told. */
  readonly channelId: string | null;
  /** One who asked to be told (recipients/); left out: nobody in particular, or those of a channel. */
  readonly recipientId?: string;
  readonly channelKind: string | null;
  readonly channelName: string | null;
  readonly recipient: string;
  /** undefined: tell them. */
  readonly notSent: string | undefined;
}

/** What the ledger says already of a subject and a recipient. */
export interface Told {
  readonly subjectId: string;
  readonly channelId: string | null;
  readonly recipientId?: string | null;
  readonly channelKind: string | null;
  readonly channelName: string | null;
  readonly recipient: string;
  readonly status: string;
  readonly reason: string | null;
  readonly maybeDelivered: boolean;
}
