import type { ProbeOutcome, ProbeTimings } from '@watchkeeper/contracts/checks';
import type { Outbound } from '../outbound/outbound.ts';

export type Phase = keyof ProbeTimings;

/** The result of one attempt. A failing target is a result, never an exception. */
export interface Probe {
  /** `unable`: this server could not make the attempt; it says nothing about the target. */
  readonly outcome: ProbeOutcome;
  /** For the person who is woken by it. */
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The connection to the outside world for a kind. */
export interface ProbeDeps {
  /** Every connection goes to an address that this has vetted. */
  readonly outbound: Pick<Outbound, 'vetHost'>;
  /** Fires at the timeout of the attempt. A kind then ends and leaves nothing open. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** The organization that the attempt is for, because organizations take turns on shared resources. */
  readonly owner: string;
  readonly now: () => number;
  /** Records the length of a phase in milliseconds. */
  readonly time: (phase: Phase, ms: number) => void;
  /** Writes a line to the run's log. It is kept only for a run by hand. */
  readonly log: (line: string) => void;
}

export function ok(reason: string, details: Probe['details'] = {}): Probe {
  return { outcome: 'ok', reason, details };
}

export function failed(reason: string, details: Probe['details'] = {}): Probe {
  return { outcome: 'failed', reason, details };
}

export function unable(reason: string): Probe {
  return { outcome: 'unable', reason, details: {} };
}
