import { searchKinds } from '@watchkeeper/contracts/search';
import { expect, test } from 'vitest';
import { modules } from './app.ts';

const parts = modules.flatMap((module) => module.search ?? []);

test('each kind that the search can find is brought by one module', () => {
  expect(parts.map(({ kind }) => kind).toSorted()).toEqual([...searchKinds].toSorted());
});

test('no two kinds stand in the same place among equally good hits', () => {
  expect(new Set(parts.map(({ order }) => order)).size).toBe(parts.length);
});
