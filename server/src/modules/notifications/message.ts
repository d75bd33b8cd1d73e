import type { Severity } from '@watchkeeper/contracts';

/** What the ledger keeps of one transition, so that every attempt tells the same. */
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
  /** What somebody did about it; absent in what an older release wrote. */
  readonly action_taken?: string | null;
}

export type Tone = 'opened' | 'resolved' | 'escalated' | 'digest' | 'test';

/** One message to one recipient. `id` stays the same over all attempts. */
export interface Message {
  readonly id: string;
  readonly tone: Tone;
  readonly createdAt: Date;
  readonly organization: { readonly slug: string; readonly name: string };
  /** The recipient's label. */
  readonly recipient: string;
  readonly items: readonly Facts[];
  /** One line: subject, header, notification text. */
  readonly title: string;
  /** Plain sentences and `Label: value` lines. */
  readonly lines: readonly string[];
  /** The one link. */
  readonly url: string;
  readonly linkLabel: string;
}

/** How a transition sounds to its reader. */
export function toneOf(transition: string): 'opened' | 'resolved' | 'escalated' {
  if (transition === 'resolved' || transition === 'escalated') return transition;
  return 'opened';
}
