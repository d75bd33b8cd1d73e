import type { Witness } from '@watchkeeper/contracts/device-status';
import type { Static, TObject } from 'typebox';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { Probe, ProbeDeps } from '#platform/exchange/probe';
import type { NamedHost } from '#platform/kinds/fields';

/** One check of a batch, as `prepare` and `refers` see it. */
export interface CheckSubject<Config> {
  readonly checkId: string;
  readonly organizationId: string;
  readonly deviceId: string | null;
  readonly config: Config;
}

export type PrepareDeps = Pick<Ctx, 'db' | 'clock' | 'config' | 'vault' | 'log' | 'parts'>;

/** One kind of check: one file in kinds/, one line in kinds/all.ts. */
export interface CheckKind<S extends TObject = TObject, Given = unknown> {
  /** Equals the file's name. Stored with every check, so it must never change. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  readonly schema: S;
  /** Fields of `schema` that are stored encrypted and never returned. */
  readonly secrets: readonly (keyof Static<S> & string)[];
  /** A complete, valid config, for the contract test and the docs. */
  readonly fixture: Static<S>;
  /** Rules between fields, beyond the schema. */
  readonly check?: (config: Static<S>) => readonly { field: string; message: string }[];
  /** The hosts that it connects to. They are vetted when the check is saved, so that a mistake is reported at once. */
  readonly hosts?: (config: Static<S>) => readonly NamedHost[];
  /** It waits for pings: pings/ judges it, and the engine never runs it. */
  readonly passive?: true;
  /**
   * The things that the config names must exist when the check is saved. Returns mistakes by field of `config`, or
   * `device`.
   */
  readonly refers?: (
    tx: Tx,
    subject: Omit<CheckSubject<Static<S>>, 'checkId'>,
  ) => Promise<readonly { field: string; message: string }[]>;
  /**
   * The target that it puts load on. Checks of one target share a concurrency limit. null: it makes no requests, and
   * only judges stored data.
   */
  readonly target: (config: Static<S>) => string | null;
  /** Reads the data that a whole batch of runs needs, in one go. Each run gets its own by the check's id. */
  readonly prepare?: (
    batch: readonly CheckSubject<Static<S>>[],
    deps: PrepareDeps,
  ) => Promise<ReadonlyMap<string, Given>>;
  readonly run: (config: Static<S>, deps: ProbeDeps, given: Given | undefined) => Promise<Probe>;
  /** It is created and changed together with the thing that it belongs to, never by itself. */
  readonly madeWith?: 'source';
  /** How much its result counts among what is said about its device. Left out: our own look. See verdict/. */
  readonly witness?: Witness;
}

export function defineCheckKind<S extends TObject, Given = unknown>(kind: CheckKind<S, Given>): CheckKind {
  // Safe because the registry gives a kind only configs that fit its own schema.
  return kind as unknown as CheckKind;
}
