import type { Priority, Severity } from '@watchkeeper/contracts';

/** What the ledger keeps of one message of a workflow, so that every attempt says the same. Times are ISO 8601. */
export interface Facts {
  readonly incident_id: string;
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly priority: Priority;
  readonly status: string;
  readonly opened_at: string;
  readonly site: { readonly slug: string; readonly name: string; readonly timezone: string } | null;
  readonly workflow: string;
  /** The operator's words; may be empty. */
  readonly text: string;
}

/** The topic and the version of these facts in the ledger. */
export const workflowLedger = { topic: 'workflow', version: 1 } as const;
/** The one transition of a message. */
export const askedTransition = 'asked';
