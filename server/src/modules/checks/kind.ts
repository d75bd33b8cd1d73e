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

/** One way to go and look: one file in kinds/, one line in kinds/all.ts. */
export interface CheckKind<S extends TObject = TObject, Given = unknown> {
  /** Equals the file's name; stored with every check, so it never changes. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  readonly schema: S;
  /** Fields of `schema` that are sealed at rest and never answered. */
  readonly secrets: readonly (keyof Static<S> & string)[];
  /** A complete valid config, for the contract test and the docs. */
  readonly fixture: Static<S>;
  /** Beyond the schema: what fields must hold together. */
  readonly check?: (config: Static<S>) => readonly { field: string; message: string }[];
  /** Whom it connects to: looked at when the check is saved, for what can never work is said at once. */
  readonly hosts?: (config: Static<S>) => readonly NamedHost[];
  /** It is waited for: pings/ judges it, the engine never runs it. */
  readonly passive?: true;
  /** What it names must be there when the check is saved: mistakes by field of `config`, or `device`. */
  readonly refers?: (
    tx: Tx,
    subject: Omit<CheckSubject<Static<S>>, 'checkId'>,
  ) => Promise<readonly { field: string; message: string }[]>;
  /** Whom it bothers: checks of one target share a bound of concurrency. null: nobody, it judges what is stored. */
  readonly target: (config: Static<S>) => string | null;
  /** What the runs of a whole batch need of the database, read at once and handed to each by its check's id. */
  readonly prepare?: (
    batch: readonly CheckSubject<Static<S>>[],
    deps: PrepareDeps,
  ) => Promise<ReadonlyMap<string, Given>>;
  readonly run: (config: Static<S>, deps: ProbeDeps, given: Given | undefined) => Promise<Probe>;
  /** Made and changed with the thing it belongs to, never by itself. */
  readonly madeWith?: 'source';
  /** How its word counts among what is said of its device; left out: we looked ourselves. See verdict/. */
  readonly witness?: Witness;
}

export function defineCheckKind<S extends TObject, Given = unknown>(kind: CheckKind<S, Given>): CheckKind {
  // Safe because the registry hands a kind only configs that passed its own schema.
  return kind as unknown as CheckKind;
}
