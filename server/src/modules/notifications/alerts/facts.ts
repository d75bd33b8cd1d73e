import type { Severity } from '@watchkeeper/contracts';

/** The facts that the ledger keeps of one transition of an alert, so that every attempt says the same. */
export interface Facts {
  readonly alert_id: string;
  readonly transition: string;
  readonly at: string;
  readonly type: string;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly site: { readonly slug: string; readonly name: string; readonly timezone: string } | null;
  readonly area: string | null;
  readonly device: { readonly slug: string; readonly name: string } | null;
  readonly opened_at: string;
  readonly resolved_at: string | null;
  readonly resolved_by: string | null;
  readonly resolved_reason: string | null;
  /** What somebody did to solve the problem. Rows of an older release do not have it. */
  readonly action_taken?: string | null;
}

/** The topic and the version of alerts in the ledger. Another shape of `Facts` is another version. */
export const alertLedger = { topic: 'alert', version: 1 } as const;

export function readFacts(version: number, facts: object): Facts | undefined {
  // Safe because facts of this version were made as this type says.
  return version === alertLedger.version ? (facts as Facts) : undefined;
}

/** How a message about a transition reads. */
export type AlertTone = 'opened' | 'resolved' | 'escalated';

export function toneOf(transition: string): AlertTone {
  if (transition === 'resolved' || transition === 'escalated') return transition;
  return 'opened';
}
