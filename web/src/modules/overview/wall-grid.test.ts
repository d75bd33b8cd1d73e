import { expect, test } from 'vitest';
import { wallColumns } from './wall-grid';

test('few sites get large tiles, many get small ones, all of one shape', () => {
  expect(wallColumns(1, 1.4)).toBe(1);
  expect(wallColumns(3, 0.8)).toBe(1);
  expect(wallColumns(4, 2.2)).toBe(2);
  expect(wallColumns(12, 2.2)).toBe(3);
  const columns = wallColumns(60, 1.4);
  expect(columns).toBeGreaterThanOrEqual(5);
  expect(columns * Math.ceil(60 / columns)).toBeLessThan(70);
});

test('tiles of one line are in fewer columns, so that their letters are larger', () => {
  expect(wallColumns(62, 1.35, 'brief')).toBeLessThan(wallColumns(62, 1.35, 'full'));
});
