import { AppError } from '../errors.ts';
import { isId } from '../ids.ts';

/** An opaque place in a list: the sort values of the last row seen. */
export function encodeCursor(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws validation_failed when the text was not made by `encodeCursor` with `length` values. */
export function decodeCursor(text: string, length: number): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === length) return values;
  } catch {
    // Falls through: whatever is wrong with it, the advice is the same.
  }
  throw new AppError(
    'validation_failed',
    'cursor: is not a cursor of this API; send the next_cursor of the previous page unchanged.',
    {
      errors: [{ field: 'cursor', message: 'is not a cursor of this API' }],
    },
  );
}

/** Cursor of (timestamp, id) lists, newest first. @throws validation_failed */
export function decodeTimeCursor(text: string | undefined): { at: Date; id: string } | undefined {
  if (text === undefined) return undefined;
  const [at, id] = decodeCursor(text, 2);
  const date = new Date(typeof at === 'string' ? at : Number.NaN);
  if (typeof id !== 'string' || !isId(id) || Number.isNaN(date.getTime())) decodeCursor('', 2);
  return { at: date, id: String(id) };
}

/** Drops the one extra row that was read, and returns the cursor of the next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => readonly unknown[],
  toItem: (row: Row) => Item,
): { data: Item[]; next_cursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toItem),
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  };
}
