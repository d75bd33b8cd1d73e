import type { Tx } from './db/database.ts';

/** A domain event, declared by the module that publishes it; the name says what happened, in the past tense. */
export interface DomainEvent<Payload extends object> {
  readonly name: string;
  /** Carries the payload type only. */
  readonly payload?: Payload;
}

export interface Events {
  /** Enqueues one job per subscriber in the same transaction as the change. */
  publish<Payload extends object>(tx: Tx, event: DomainEvent<Payload>, payload: Payload): Promise<void>;
}
