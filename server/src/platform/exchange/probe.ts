import type { ProbeOutcome, ProbeTimings } from '@watchkeeper/contracts/checks';
import type { Outbound } from '../outbound/outbound.ts';

export type Phase = keyof ProbeTimings;

/** What one attempt found out. A failing target is a result, never an exception. */
export interface Probe {
  /** `unable`: this server could not make the attempt; it says nothing about the target. */
  readonly outcome: ProbeOutcome;
  /** For the person who is woken by it. */
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The edge of the process, as a kind that connects to somebody may use it. */
export interface ProbeDeps {
  /** Every connection goes to an address that this has vetted. */
  readonly outbound: Pick<Outbound, 'vetHost'>;
  /** Aborts at the timeout of the attempt; a kind ends then, and leaves nothing open. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** The organization it is for: what is shared is taken in turns. */
  readonly owner: string;
  readonly now: () => number;
  /** Notes the length of a phase in milliseconds. */
  readonly time: (phase: Phase, ms: number) => void;
  /** A line of the run's log; kept only when somebody asked for the run. */
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
