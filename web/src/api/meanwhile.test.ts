import { QueryClient } from '@tanstack/react-query';
import { describe, expect, test } from 'vitest';
import { changeOf, correction, during, showMeanwhile } from './meanwhile';

const key = ['org', 'acme', 'alerts', { show: 'active' }];
const above = ['org', 'acme', 'alerts'];

/** A screen that shows which alerts are acknowledged. */
function screen(...names: string[]) {
  const queryClient = new QueryClient();
  queryClient.setQueryData(key, names);
  const mark = (name: string) =>
    showMeanwhile(queryClient, [
      changeOf<string[]>(above, (all) => all.map((each) => (each === name ? `${each} in hand` : each))),
    ]);
  return { queryClient, mark, shown: () => queryClient.getQueryData(key) };
}

describe('a write shown before the server answers', () => {
  test('appears at once, and disappears at once when the server did not take it', async () => {
    const { mark, shown } = screen('a', 'b');
    const before = correction.count();
    const one = await mark('a');
    expect(shown()).toEqual(['a in hand', 'b']);
    one.undo();
    expect(shown()).toEqual(['a', 'b']);
    await expect.poll(() => correction.count()).toBe(before + 1);
  });

  test('when two fail, in any order, neither restores the other', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { mark, shown } = screen('a', 'b');
      const both = [await mark('a'), await mark('b')];
      expect(shown()).toEqual(['a in hand', 'b in hand']);
      for (const index of order) both[index]?.undo();
      expect(shown()).toEqual(['a', 'b']);
    }
  });

  test('stays when the server took it and another one fails, before or after', async () => {
    for (const keepFirst of [true, false]) {
      const { mark, shown } = screen('a', 'b');
      const [a, b] = [await mark('a'), await mark('b')];
      if (keepFirst) a.keep();
      b.undo();
      expect(shown()).toEqual(['a in hand', 'b']);
      a.keep();
      expect(shown()).toEqual(['a in hand', 'b']);
    }
  });

  test('does not overwrite newer data of the server', async () => {
    const { queryClient, mark, shown } = screen('a');
    const one = await mark('a');
    queryClient.setQueryData(key, ['a by Mike', 'c']);
    one.undo();
    expect(shown()).toEqual(['a by Mike', 'c']);
  });

  test('has nothing to undo when it changed nothing on the screen', async () => {
    const { queryClient, mark, shown } = screen('a');
    const elsewhere = await showMeanwhile(queryClient, [changeOf(['org', 'other'], () => 'x')]);
    const one = await mark('a');
    elsewhere.undo();
    expect(shown()).toEqual(['a in hand']);
    one.undo();
    expect(shown()).toEqual(['a']);
  });

  test('is over when its undo fails as well', async () => {
    const { mark, shown } = screen('a');
    const gone = during(mark('a'), () => Promise.reject(new Error('nobody there')));
    await expect(gone).rejects.toThrow('nobody there');
    expect(shown()).toEqual(['a']);
  });
});

/** All sources as text, by their path from here. */
const sources: Record<string, string> = import.meta.glob(['../**/*.{ts,tsx}', '!../**/*.test.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

test('no other code of the console shows data that the server did not send', () => {
  const writers = Object.keys(sources).filter((file) => /\bsetQuer(y|ies)Data\b/.test(sources[file] ?? ''));
  // The page of a site stores the answer to its write where the site is read.
  expect(writers.toSorted()).toEqual(['../modules/inventory/edit-site-page.tsx', './meanwhile.ts']);
});
