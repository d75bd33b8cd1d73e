import { searchKinds } from '@watchkeeper/contracts/search';
import { expect, test } from 'vitest';
import { modules } from './app.ts';

const parts = modules.flatMap((module) => module.search ?? []);

test('one module brings each kind that the search can find', () => {
  expect(parts.map(({ kind }) => kind).toSorted()).toEqual([...searchKinds].toSorted());
});

test('no two kinds have the same place among equally good hits', () => {
  expect(new Set(parts.map(({ order }) => order)).size).toBe(parts.length);
});
