import type { Tx } from './db/database.ts';

/** A domain event, declared by the module that publishes it; the name says what happened, in the past tense. */
export interface DomainEvent<Payload extends object> {
  readonly name: string;
  /** Carries the payload type only. */
  readonly payload?: Payload;
}

/** Events belong to one organization, so that those of one organization never wait for those of another. */
export interface OfOrganization {
  readonly organizationId: string;
}

export interface Events {
  /** Writes one row for each subscriber, in the same transaction as the change. */
  publish<Payload extends OfOrganization>(
    tx: Tx,
    event: DomainEvent<Payload>,
    payload: Payload,
  ): Promise<void>;
  /** The same for several that happened together, in one statement. */
  publishAll<Payload extends OfOrganization>(
    tx: Tx,
    event: DomainEvent<Payload>,
    payloads: readonly Payload[],
  ): Promise<void>;
}
