import { expect, test } from 'vitest';
import { bytesText, onGrid } from './steps';

const span = { from: '2026-03-02T12:00:00Z', to: '2026-03-02T12:00:35Z', step_seconds: 10 };

test('a step without a measurement is a gap, and a point outside the span is left out', () => {
  const { times, values } = onGrid(span, [
    { at: '2026-03-02T12:00:00Z', value: 1 },
    { at: '2026-03-02T12:00:20Z', value: 3 },
    { at: '2026-03-02T13:00:00Z', value: 9 },
  ]);
  expect(values).toEqual([1, null, 3, null]);
  expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 10, 20, 30]);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 kB'],
  [1_536_000, '1.54 MB'],
  [2e15, '2,000 TB'],
])('%i bytes are written as %s', (bytes, text) => {
  expect(bytesText(bytes, 'en').replace('\u00a0', ' ')).toBe(text);
});
