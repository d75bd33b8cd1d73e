import { expect, test } from 'vitest';
import { parseGoDuration } from './go-duration.ts';

test.each([
  ['', null],
  ['0', 0],
  ['250ms', 250],
  ['1m30s', 90_000],
  ['1.5s', 1_500],
  ['.5s', 500],
  ['1h0m0.25s', 3_600_250],
  ['1500us', 1.5],
  ['-2s', -2_000],
  ['10', 'time: missing unit in duration "10"'],
  ['abc', 'time: invalid duration "abc"'],
  ['-', 'time: invalid duration "-"'],
  ['1x', 'time: unknown unit "x" in duration "1x"'],
  ['1s abc', 'time: unknown unit "s abc" in duration "1s abc"'],
])('%j is %j', (text, expected) => {
  expect(parseGoDuration(text)).toEqual(expected);
});
