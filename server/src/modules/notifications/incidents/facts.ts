import type { Priority, Severity } from '@watchkeeper/contracts';
import type { Facts as AlertFacts } from '../alerts/facts.ts';

/** One alert of an incident, as the ledger keeps it. */
export interface PartFacts extends Omit<AlertFacts, 'transition' | 'at'> {
  readonly status: string;
  readonly muted: boolean;
}

/** The facts that the ledger keeps of one change of an incident, so that every attempt says the same. Times are ISO 8601. */
export interface Facts {
  readonly incident_id: string;
  readonly number: number;
  readonly transition: string;
  readonly at: string;
  readonly title: string;
  readonly why: string;
  readonly severity: Severity;
  readonly priority: Priority;
  readonly site: { readonly slug: string; readonly name: string; readonly timezone: string } | null;
  readonly areas: readonly string[];
  /** The likely cause in words; null: not known. */
  readonly cause: string | null;
  readonly counts: {
    readonly alerts: number;
    readonly open: number;
    readonly recovered: number;
    readonly muted: number;
    readonly devices: number;
  };
  readonly opened_at: string;
  readonly resolved_at: string | null;
  readonly resolved_by: string | null;
  readonly resolved_reason: string | null;
  readonly action_taken: string | null;
  /** The most important alerts, at most `partsMax`; `counts.alerts` counts all. */
  readonly alerts: readonly PartFacts[];
}

/** More alerts of an incident are only counted. */
export const partsMax = 25;

/** The topic and the version of incidents in the ledger. Another shape of `Facts` is another version. */
export const incidentLedger = { topic: 'incident', version: 1 } as const;

export function readFacts(version: number, facts: object): Facts | undefined {
  // Safe because facts of this version were made as this type says.
  return version === incidentLedger.version ? (facts as Facts) : undefined;
}

/** How a message about a change reads. */
export type IncidentTone = 'opened' | 'resolved' | 'escalated' | 'changed';

const tones: Readonly<Record<string, IncidentTone>> = {
  resolved: 'resolved',
  escalated: 'escalated',
  flapping: 'changed',
  steadied: 'changed',
  snooze_ended: 'changed',
};

export function toneOf(transition: string): IncidentTone {
  return tones[transition] ?? 'opened';
}

/** The only alert of an incident: its messages read as those of the alert. */
export function onlyAlert({ alerts, counts }: Facts): PartFacts | undefined {
  return counts.alerts === 1 && alerts.length === 1 ? alerts[0] : undefined;
}
