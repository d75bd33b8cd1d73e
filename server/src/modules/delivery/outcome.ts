import type { Config } from '#config';
import type { Clock } from '#platform/clock';
import type { Outbound } from '#platform/outbound/outbound';

/** The result of one attempt. Only the pipeline decides about retries. */
export type Outcome =
  | { readonly outcome: 'sent'; readonly detail?: string; readonly status?: number }
  | {
      readonly outcome: 'retry';
      readonly reason: string;
      readonly detail?: string;
      readonly status?: number;
      readonly retryAfterSeconds?: number;
      /** No answer came, so the receiver may have the message. */
      readonly maybeDelivered?: boolean;
    }
  | {
      readonly outcome: 'permanent';
      readonly reason: string;
      /** The receiver does not know the address at all: nothing more is sent to a recipient who has it. */
      readonly addressRefused?: true;
      readonly detail?: string;
      readonly status?: number;
    };

/** The edge of the process, as a channel may use it. */
export interface SendDeps {
  readonly config: Pick<Config, 'email' | 'http'>;
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}
