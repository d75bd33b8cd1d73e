import type { PlanStep } from '@watchkeeper/contracts/manifest';
import type { Static, TSchema } from 'typebox';
import type { FieldError } from '#platform/errors';
import { type Change, changesBetween, type Work } from '../work.ts';

/** One application of a manifest: one transaction, also across sections. */
export interface ManifestRun extends Work {
  /** Also remove what the sections of the file do not name. */
  readonly prune: boolean;
  /** Credentials that this run made, by the name of their bearer: shown once. */
  readonly tokens: Record<string, string>;
}

/** One reading of everything, in one transaction. */
export type ManifestReader = Work;

export interface PlannedStep {
  readonly step: PlanStep;
  /** Makes it so. Nothing to do where the step is `unchanged`. */
  readonly apply: () => Promise<void>;
}

export interface SectionPlan {
  readonly items: readonly PlannedStep[];
  /** Work that must wait until every entry of the section exists, such as references between them. */
  readonly settle?: () => Promise<void>;
}

/**
 * One top-level key of watchkeeper.yaml. `plan` reads what is there (sections before it are already applied
 * in this transaction, so it may refer to them), authorises the caller, and says what would change and how.
 */
export interface ManifestSection<S extends TSchema = TSchema> {
  readonly key: string;
  /** Closed: unknown keys are errors that name them. */
  readonly schema: S;
  /** An entry in other spellings that count, as the schema wants it; before anything is checked. */
  readonly spell?: (entry: unknown) => unknown;
  /** The section it refers to although it belongs to a floor above: that one is applied first. */
  readonly after?: string;
  readonly plan: (run: ManifestRun, wanted: Static<S>) => Promise<SectionPlan>;
  /** The present state in the words of the file: applied as it is, it changes nothing. Never a secret. */
  readonly read: (work: ManifestReader) => Promise<SectionContent>;
}

export interface SectionContent {
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  /** What the file cannot express, in sentences: they become comments. */
  readonly leftOut?: readonly string[];
}

declare module '#platform/module' {
  interface Module {
    /** Its keys of watchkeeper.yaml; loaded with the routes that read and write the file. */
    readonly manifest?: () => Promise<{ readonly sections: readonly ManifestSection[] }>;
  }
}

export function defineManifestSection<S extends TSchema>(section: ManifestSection<S>): ManifestSection {
  // Safe because the route validates each part of the file against `schema` before `plan` sees it.
  return section as unknown as ManifestSection;
}

/** The plan for one entry: its step follows from what is there and what is wanted. */
export function planEntry(
  kind: string,
  key: string,
  current: Readonly<Record<string, unknown>> | undefined,
  wanted: Readonly<Record<string, unknown>>,
  save: () => Promise<unknown>,
): PlannedStep {
  const changes: Change[] = changesBetween(current ?? {}, wanted);
  const action = current === undefined ? 'create' : changes.length > 0 ? 'update' : 'unchanged';
  return {
    step: { action, kind, key, changes },
    async apply() {
      if (action !== 'unchanged') await save();
    },
  };
}

export function planRemoval(kind: string, key: string, remove: () => Promise<void>): PlannedStep {
  return { step: { action: 'delete', kind, key, changes: [] }, apply: remove };
}

/** A slug listed twice in a file would be ambiguous. */
export function duplicateSlugs(entries: readonly { slug: string }[], field: string): FieldError[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, { slug }] of entries.entries()) {
    if (seen.has(slug))
      errors.push({ field: `${field}.${index}.slug`, message: `"${slug}" is listed twice` });
    seen.add(slug);
  }
  return errors;
}
