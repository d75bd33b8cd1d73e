import { sql } from 'kysely';
import { AppError } from '../errors.ts';
import { sqlStateOf, type Tx } from './database.ts';

/**
 * SQLSTATE classes that blame what is to be stored, not the database: a cardinality (21), a value (22), a
 * constraint (23), a check option (44), a size (54), a trigger that objects (P0).
 */
const dataClasses = /^(?:21|22|23|44|54|P0)...$/;

/** Whether the same again, without the row that is to blame, would succeed. */
export function isDataFault(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return dataClasses.test(state);
  if (error instanceof AppError) return error.code === 'validation_failed';
  // Made before any statement: a time that is none, a text beyond all bounds, a number JSON has no word for.
  return error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
}

export interface Fault<Item> {
  readonly item: Item;
  readonly error: unknown;
}

export interface Written<Item, Result> {
  readonly results: readonly Result[];
  /** Alone and still refused: nothing of them was written. */
  readonly faults: readonly Fault<Item>[];
}

/**
 * The door of every batch: one bad row must not stop the rows of everybody else. `write` is given all of
 * `items`; where the data is to blame, halves of them, until what cannot be stored stands alone. All parts share
 * the caller's transaction, so nothing healthy is written twice. What is no data fault is thrown, and undoes all.
 * At most twice as many attempts as there are items; each costs two statements.
 */
export async function inParts<Item, Result>(
  tx: Tx,
  items: readonly Item[],
  write: (part: readonly Item[]) => Promise<Result>,
): Promise<Written<Item, Result>> {
  const results: Result[] = [];
  const faults: Fault<Item>[] = [];
  async function attempt(part: readonly Item[]): Promise<void> {
    const [first] = part;
    if (first === undefined) return;
    const tried = await trySavepoint(tx, () => write(part));
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
  write: () => Promise<Result>,
): Promise<{ result: Result } | { error: unknown }> {
  await sql`savepoint part`.execute(tx);
  try {
    const result = await write();
    await sql`release savepoint part`.execute(tx);
    return { result };
  } catch (error) {
    if (!isDataFault(error)) throw error;
    await sql`rollback to savepoint part`.execute(tx);
    await sql`release savepoint part`.execute(tx);
    return { error };
  }
}

/** In a few words, for the record of what was left out: the database's own sentence, cut. */
export function faultWords(error: unknown): string {
  const state = sqlStateOf(error);
  const said = (error instanceof Error ? error.message : String(error)).slice(0, faultLengthMax);
  return state === undefined ? said : `${said} (${state})`;
}

const faultLengthMax = 200;
