import type { IncomingHttpHeaders } from 'node:http';
import type { Outcome, SendDeps } from '../outcome.ts';

/** A request of a third party, before anybody has checked who sent it. */
export interface InboundRequest {
  readonly headers: IncomingHttpHeaders;
  /** The bytes as they came: signatures cover these. */
  readonly body: Buffer;
}

/** Whether the request is genuine. A refusal is for our log, never for the sender. */
export type Verdict =
  | {
      readonly genuine: true;
      /** Differs between any two genuine requests, so that a copy of one is known. */
      readonly mark: string;
    }
  | { readonly genuine: false; readonly reason: string };

/** What came of a callback, for the person who sent it. */
export interface Said {
  readonly outcome: 'done' | 'unchanged' | 'refused';
  /** One sentence. */
  readonly words: string;
  /** Actions that still make sense on the subject. */
  readonly left: readonly string[];
}

/** A request of a person at the third party, such as a pressed button. */
export interface Callback {
  /** As its topic names it: `acknowledge`. */
  readonly action: string;
  readonly topic: string;
  readonly subjectId: string;
  /** Who they are, in the words of the third party. */
  readonly actor: { readonly id: string; readonly name: string };
  /** Tells them what came of it, at the place where they asked. */
  readonly reply: (said: Said, deps: SendDeps) => Promise<Outcome>;
}

/** The way back: how a channel's third party calls us. */
export interface Inbound<Config> {
  /** Whether this config can check who calls. Without it the channel offers no buttons and takes no callback. */
  readonly accepts: (config: Config) => boolean;
  /** Compares in constant time, and refuses what is too old to be new. `nowMs`: our clock. */
  readonly verify: (config: Config, request: InboundRequest, nowMs: number) => Verdict;
  /** undefined: a genuine request that asks nothing of us. */
  readonly read: (request: InboundRequest, config: Config) => Callback | undefined;
  /** Tells the third party where to call us. Left out: a person enters the address there. */
  readonly register?: (config: Config, callbackUrl: string, deps: SendDeps) => Promise<Outcome>;
}
