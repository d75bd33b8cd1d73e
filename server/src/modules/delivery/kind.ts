import type { Static, TObject } from 'typebox';
import type { Config } from '#config';
import type { Clock } from '#platform/clock';
import type { Outbound } from '#platform/outbound/outbound';
import type { Message } from './topics/message.ts';

/** What a receiver made of one attempt. The pipeline alone decides about retries. */
export type Outcome =
  | { readonly outcome: 'sent'; readonly detail?: string; readonly status?: number }
  | {
      readonly outcome: 'retry';
      readonly reason: string;
      readonly detail?: string;
      readonly status?: number;
      readonly retryAfterSeconds?: number;
      /** No answer came, so the receiver may have it all the same. */
      readonly maybeDelivered?: boolean;
    }
  | {
      readonly outcome: 'permanent';
      readonly reason: string;
      readonly detail?: string;
      readonly status?: number;
    };

export interface Recipient {
  /** How the ledger names it: never a secret, unique within the channel. */
  readonly label: string;
  /** Two channels of one kind that share it would tell the same receiver twice. */
  readonly identity: string;
}

/** The edge of the process, as a channel may use it. */
export interface SendDeps {
  readonly config: Pick<Config, 'email' | 'http'>;
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
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
  readonly capabilities: {
    /** More items than this are told in several messages. */
    readonly itemsPerMessageMax: number;
  };
  /** A complete valid config, for the contract test and the docs. */
  readonly fixture: Static<S>;
  /** Why this install cannot use the kind at all. */
  readonly unavailable?: (config: Pick<Config, 'email'>) => string | undefined;
  readonly recipients: (config: Static<S>) => Recipient[];
  /** The config that reaches one address, for recipients that are rows of their own; left out: the kind has no addresses. */
  readonly addressed?: (address: string) => Static<S>;
  /** What hangs together when its receiver hangs, such as the host: it gets a bounded share of a process's attempts. */
  readonly target: (config: Static<S>, install: Pick<Config, 'email'>) => string;
  readonly send: (config: Static<S>, message: Message, deps: SendDeps) => Promise<Outcome>;
}

export function defineChannelKind<S extends TObject>(kind: ChannelKind<S>): ChannelKind {
  // Safe because the registry hands a kind only configs that passed its own schema.
  return kind as unknown as ChannelKind;
}
