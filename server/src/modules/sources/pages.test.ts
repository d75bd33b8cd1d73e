import { describe, expect, it } from 'vitest';
import { SourceFault } from './call.ts';
import { readAllPages, readPages } from './pages.ts';

/** Pages 0, 1, 2 ... of which each names the next. */
const book = (pages: number, read: number[]) => (page: number) => {
  read.push(page);
  return Promise.resolve(page + 1 < pages ? page + 1 : undefined);
};

describe('pages of a third party', () => {
  it('are read one after the other until the last', async () => {
    const read: number[] = [];
    expect(await readPages(0, 5, book(3, read))).toBe('last');
    expect(read).toEqual([0, 1, 2]);
  });

  it('are read up to the limit, and the last page at the limit is no fault', async () => {
    const read: number[] = [];
    expect(await readPages(0, 2, book(3, read))).toBe('limit');
    expect(read).toEqual([0, 1]);
    await expect(readAllPages('The list', 0, 3, book(3, []))).resolves.toBeUndefined();
    await expect(readAllPages('The list', 0, 2, book(3, []))).rejects.toThrow(
      new SourceFault('The list has more than 2 pages.'),
    );
  });

  it('that lead to themselves end at once', async () => {
    const read: number[] = [];
    const stuck = async (page: number) => {
      read.push(page);
      return 7;
    };
    expect(await readPages(0, 100, stuck)).toBe('stuck');
    expect(read).toEqual([0, 7]);
    await expect(readAllPages('The list', 7, 100, stuck)).rejects.toThrow(
      'The list does not advance: the same page came twice.',
    );
  });
});
