import { expect, test } from 'vitest';
import { createFigures } from './figures.ts';

test('percentiles are known within five per cent, errors by their class', () => {
  const figures = createFigures();
  for (let ms = 1; ms <= 1000; ms += 1) figures.add('GET /things', ms, ms <= 10 ? 500 : ms <= 30 ? 404 : 200);
  const { all, each } = figures.take();
  expect(each).toHaveLength(1);
  expect(all).toMatchObject({ count: 1000, serverErrors: 10, clientErrors: 20, max: 1000 });
  for (const [value, wanted] of [
    [all.p50, 500],
    [all.p95, 950],
    [all.p99, 990],
  ] as const)
    expect(Math.abs(value - wanted) / wanted).toBeLessThan(0.05);
});

test('figures that were read are not counted again', () => {
  const figures = createFigures();
  figures.add('a', 1, 200);
  figures.take();
  expect(figures.take()).toMatchObject({ all: { count: 0, p99: 0 }, each: [] });
});

test('too many names are counted under one, and the total stays correct', () => {
  const figures = createFigures();
  for (let n = 0; n < 1000; n += 1) figures.add(`GET /${n}`, 1, 200);
  const { all, each } = figures.take();
  expect(all.count).toBe(1000);
  expect(each).toHaveLength(201);
  expect(each[0]).toMatchObject({ name: 'other', count: 800 });
});
