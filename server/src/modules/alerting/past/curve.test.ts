import { expect, test } from 'vitest';
import { emptyCurve, noteReading } from './curve.ts';

const from = new Date('2026-03-02T12:00:00Z');
const to = new Date('2026-03-02T12:04:00Z');
const at = (seconds: number) => new Date(from.getTime() + seconds * 1_000);
const bare = { limit: null, beside: null, samples: null };

test('steps are equal, and each is read at its last instant', () => {
  const { steps, edges } = emptyCurve(from, to, 4);
  expect(steps.map((step) => step.at)).toEqual([at(0), at(60), at(120), at(180)]);
  expect(edges.map((edge) => edge.getTime() - from.getTime())).toEqual([59_999, 119_999, 179_999, 239_999]);
});

test('a step keeps the extremes of its readings; the end belongs to the last one', () => {
  const curve = emptyCurve(from, to, 4);
  for (const [second, value] of [
    [0, 5],
    [59, 2],
    [30, 9],
    [240, 1],
  ] as const)
    noteReading(curve, 'above', at(second), { ...bare, value });
  noteReading(curve, 'above', at(-1), { ...bare, value: 100 });
  noteReading(curve, 'above', at(241), { ...bare, value: 100 });
  expect(curve.steps.map(({ low, high }) => [low, high])).toEqual([
    [2, 9],
    [null, null],
    [null, null],
    [1, 1],
  ]);
});

test('with two subjects, the limit is that of the one that exceeds its own limit more', () => {
  const curve = emptyCurve(from, to, 1);
  noteReading(curve, 'above', at(1), { value: 40, limit: 60, beside: 20, samples: null });
  noteReading(curve, 'above', at(2), { value: 12, limit: 6, beside: 2, samples: null });
  expect(curve.steps[0]).toMatchObject({ low: 12, high: 40 });
  const low = emptyCurve(from, to, 1);
  noteReading(low, 'below', at(1), { ...bare, value: 3, limit: 10 });
  noteReading(low, 'below', at(2), { ...bare, value: 8, limit: 10 });
  expect(low.steps[0]).toMatchObject({ low: 3, high: 8, limit: 10 });
});

test('too few samples are counted and give no value', () => {
  const curve = emptyCurve(from, to, 1);
  noteReading(curve, 'above', at(1), { ...bare, value: null, samples: 3 });
  expect(curve.steps[0]).toMatchObject({ high: null, samples: 3 });
});
