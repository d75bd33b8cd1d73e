import { SourceFault } from './call.ts';

/** Why the reading of pages ended: after the last one, at the limit, or because a page led to itself. */
export type PagesEnd = 'last' | 'limit' | 'stuck';

/**
 * Reads one page. @returns the cursor of the next one (an offset, an id, a number, a word); undefined: this was the
 * last.
 */
export type ReadPage<Cursor> = (cursor: Cursor) => Promise<Cursor | undefined>;

/** Reads at most `pagesMax` pages, one after the other: for reports, of which the newest part is enough. */
export async function readPages<Cursor>(
  first: Cursor,
  pagesMax: number,
  read: ReadPage<Cursor>,
): Promise<PagesEnd> {
  let cursor = first;
  for (let page = 0; page < pagesMax; page += 1) {
    const next = await read(cursor);
    if (next === undefined) return 'last';
    if (next === cursor) return 'stuck';
    cursor = next;
  }
  return 'limit';
}

/** For lists that count only when they are whole. `what` begins the sentence of the fault. @throws {SourceFault} */
export async function readAllPages<Cursor>(
  what: string,
  first: Cursor,
  pagesMax: number,
  read: ReadPage<Cursor>,
): Promise<void> {
  const end = await readPages(first, pagesMax, read);
  if (end === 'limit') throw new SourceFault(`${what} has more than ${pagesMax} pages.`);
  if (end === 'stuck') throw new SourceFault(`${what} does not advance: the same page came twice.`);
}
