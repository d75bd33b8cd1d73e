/** One change of a subject that somebody may have to be told. */
export interface Transition<Facts extends object = object> {
  readonly id: string;
  readonly subjectId: string;
  readonly kind: string;
  /** The facts at the time of the transition, so that a retry says the same. */
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
  /** A recipient with a row of its own (recipients/); left out: a recipient of a channel, or nobody. */
  readonly recipientId?: string;
  readonly channelKind: string | null;
  readonly channelName: string | null;
  readonly recipient: string;
  /** undefined: tell them. */
  readonly notSent: string | undefined;
}

/** One existing row of the ledger for a subject and a recipient. */
export interface Told {
  readonly subjectId: string;
  /** Of its transition. */
  readonly kind: string;
  readonly channelId: string | null;
  readonly recipientId?: string | null;
  readonly channelKind: string | null;
  readonly channelName: string | null;
  readonly recipient: string;
  readonly status: string;
  readonly reason: string | null;
  readonly maybeDelivered: boolean;
}
