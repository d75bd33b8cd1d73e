import type { Static, TObject } from 'typebox';
import type { Scope } from '#modules/identity';
import type { IncidentView } from '#modules/incidents';
import type { Ctx } from '#platform/context';
import type { Kind } from '#platform/kinds/registry';

/** What a step knows when it works. */
export interface StepWork {
  readonly ctx: Ctx;
  /** The workflow itself, with the permissions of an operator. */
  readonly scope: Scope;
  /** As it is now. */
  readonly incident: IncidentView;
  /** Stays the same when the step is tried again, so that it acts once. */
  readonly stepId: string;
  readonly workflow: { readonly id: string; readonly name: string; readonly secret: string };
  /** It waited as it asked for, and this is the second call. */
  readonly waited: boolean;
  /** Aborted at the step's time-out, or when the process stops. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export type StepResult =
  /** `answer` stands on the incident's timeline. */
  | { readonly outcome: 'done' | 'failed'; readonly answer: string }
  /** Call it again then. */
  | { readonly outcome: 'wait'; readonly seconds: number; readonly answer: string };

/** Something that a workflow can do: one file in steps/, one line in steps/all.ts. */
export interface StepKind<S extends TObject = TObject> extends Kind {
  readonly schema: S;
  readonly fixture: Static<S>;
  /** Fields of `schema` that are vetted by `outbound` when the workflow is saved. */
  readonly urls?: readonly (keyof Static<S> & string)[];
  /** What it does, for lists, previews and dry runs: "Tell Slack." */
  readonly words: (config: Static<S>) => string;
  /** A thrown error counts as failed, with its message as the answer. */
  readonly run: (work: StepWork, config: Static<S>) => Promise<StepResult>;
}

export function defineStepKind<S extends TObject>(kind: StepKind<S>): StepKind {
  // Safe because the registry hands a kind only configs that passed its own schema.
  return kind as unknown as StepKind;
}
