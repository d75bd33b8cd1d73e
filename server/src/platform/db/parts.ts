import { sql } from 'kysely';
import { AppError } from '../errors.ts';
import { sqlStateOf, type Tx, toDatabaseError } from './database.ts';

/**
 * SQLSTATE classes that blame what is to be stored, not the database: a cardinality (21), a value (22), a
 * constraint (23), a check option (44), a size (54), a trigger that objects (P0).
 */
const dataClasses = /^(?:21|22|23|44|54|P0)...$/;

/** Whether a retry without the bad row would succeed. A partition may still be created. */
export function isDataFault(error: unknown): boolean {
  if (isMissingPartition(error)) return false;
  const state = sqlStateOf(error);
  if (state !== undefined) return dataClasses.test(state);
  if (error instanceof AppError) return error.code === 'validation_failed';
  // Errors before any statement: an invalid time, a text that is too long, a number that JSON cannot
  // express.
  return error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
}

/** PostgreSQL has no code of its own for it: a check violation that names no constraint. */
export function isMissingPartition(error: unknown): boolean {
  return (
    sqlStateOf(error) === '23514' && error instanceof Error && !('constraint' in error && error.constraint)
  );
}

export interface Fault<Item> {
  readonly item: Item;
  readonly error: unknown;
}

export interface Written<Item, Result> {
  readonly results: readonly Result[];
  /** Items that were refused even alone. Nothing of them was written. */
  readonly faults: readonly Fault<Item>[];
}

/**
 * The door of every batch: one bad row must not stop the rows of everybody else. `write` gets all
 * `items`. On a data fault it gets halves of them, until the item that cannot be stored is alone. All parts
 * share the caller's transaction, so no good item is written twice. Any other fault is thrown and undoes
 * everything. At most twice as many attempts as there are items; each costs two statements.
 *
 * @param isFault decides which errors blame the data; default: `isDataFault`
 */
export async function inParts<Item, Result>(
  tx: Tx,
  items: readonly Item[],
  write: (part: readonly Item[]) => Promise<Result>,
  isFault: (error: unknown) => boolean = isDataFault,
): Promise<Written<Item, Result>> {
  const results: Result[] = [];
  const faults: Fault<Item>[] = [];
  async function attempt(part: readonly Item[]): Promise<void> {
    const [first] = part;
    if (first === undefined) return;
    const tried = await trySavepoint(tx, isFault, () => write(part));
    if ('result' in tried) results.push(tried.result);
    else if (part.length === 1) faults.push({ item: first, error: tried.error });
    else {
      const middle = part.length >> 1;
      await attempt(part.slice(0, middle));
      await attempt(part.slice(middle));
    }
  }
  await attempt(items);
  return { results, faults };
}

async function trySavepoint<Result>(
  tx: Tx,
  isFault: (error: unknown) => boolean,
  write: () => Promise<Result>,
): Promise<{ result: Result } | { error: unknown }> {
  await sql`savepoint part`.execute(tx);
  try {
    const result = await write();
    await sql`release savepoint part`.execute(tx);
    return { result };
  } catch (error) {
    if (!isFault(error)) throw error;
    await sql`rollback to savepoint part`.execute(tx);
    await sql`release savepoint part`.execute(tx);
    return { error };
  }
}

/** In a few words, for the record of a skipped item: the database's own sentence, shortened. */
export function faultWords(error: unknown): string {
  const state = sqlStateOf(error);
  const said = (error instanceof Error ? error.message : String(error)).slice(0, faultLengthMax);
  return state === undefined ? said : `${said} (${state})`;
}

const faultLengthMax = 200;

/** The message for the sender of a single item. */
export function toDataError(error: unknown): AppError {
  const known = toDatabaseError(error);
  if (known instanceof AppError) return known;
  return new AppError('validation_failed', `This cannot be stored: ${faultWords(error)}`, { cause: error });
}
