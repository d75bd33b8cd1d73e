import type { Verdict, VerdictKind } from '@watchkeeper/contracts';
import { confidenceOf, confidenceTable } from './confidence.ts';
import type { Reason } from './evidence.ts';
import type { Span } from './facts.ts';

/** A verdict names at most this many systems; its incident lists all alerts. */
const systemsMax = 100;

/** Puts a verdict together; its confidence is the start of its kind, times the factors of the reasons. */
export function buildVerdict(kind: VerdictKind, { reasons, systems, window, cause }: VerdictParts): Verdict {
  const words = (speaks: Reason['speaks']) =>
    reasons.filter((reason) => reason.speaks === speaks).map((reason) => reason.words);
  return {
    kind,
    confidence: confidenceOf(
      confidenceTable.start[kind],
      reasons.map((reason) => reason.factor),
    ),
    evidence: words('for'),
    counter_evidence: words('against'),
    affected_systems: [...new Set(systems)].toSorted().slice(0, systemsMax),
    time_window: { from: window.from.toISOString(), to: window.to.toISOString() },
    suggested_cause: cause,
  };
}

export interface VerdictParts {
  readonly reasons: readonly Reason[];
  readonly systems: readonly string[];
  /** When the systems were lost, from the first to the last. */
  readonly window: Span;
  /** In plain words, with what to look at first. */
  readonly cause: string;
}
