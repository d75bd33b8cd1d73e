import type { Static, TObject } from 'typebox';
import type { Config } from '#config';
import type { FieldError } from '#platform/errors';
import type { Capabilities } from './capabilities.ts';
import type { Inbound } from './inbound/inbound.ts';
import type { Outcome, SendDeps } from './outcome.ts';
import type { Message } from './topics/message.ts';

export interface Recipient {
  /** How the ledger names it: never a secret, unique within the channel. */
  readonly label: string;
  /** Two channels of one kind that share it would tell the same receiver twice. */
  readonly identity: string;
}

/** One way to tell somebody: one file in kinds/, one line in kinds/all.ts. */
export interface ChannelKind<S extends TObject = TObject> {
  /** Equals the file's name; stored with every channel, so it never changes. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  readonly schema: S;
  /** Fields of `schema` that are sealed at rest and never answered. */
  readonly secrets: readonly (keyof Static<S> & string)[];
  /** Fields that are vetted by `outbound` when the channel is saved. */
  readonly urls: readonly (keyof Static<S> & string)[];
  /** Makes a secret that was left out; it is shown once. */
  readonly generate: Readonly<Partial<Record<keyof Static<S> & string, () => string>>>;
  readonly capabilities: Capabilities;
  /** A complete valid config, for the contract test and the docs. */
  readonly fixture: Static<S>;
  /** Rules between fields, beyond the schema. */
  readonly check?: (config: Static<S>) => readonly FieldError[];
  /** Why this install cannot use the kind at all. */
  readonly unavailable?: (config: Pick<Config, 'email'>) => string | undefined;
  readonly recipients: (config: Static<S>) => Recipient[];
  /** The config that reaches one address, for recipients that are rows of their own; left out: the kind has no addresses. */
  readonly addressed?: (address: string) => Static<S>;
  /** The receiver that may hang, such as a host. All channels with this target share a bounded number of attempts. */
  readonly target: (config: Static<S>, install: Pick<Config, 'email'>) => string;
  /** How its third party calls us; left out: it only takes messages. */
  readonly inbound?: Inbound<Static<S>>;
  readonly send: (config: Static<S>, message: Message, deps: SendDeps) => Promise<Outcome>;
}

export function defineChannelKind<S extends TObject>(kind: ChannelKind<S>): ChannelKind {
  // Safe because the registry hands a kind only configs that passed its own schema.
  return kind as unknown as ChannelKind;
}
