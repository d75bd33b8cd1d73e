import { expect, test } from 'vitest';
import { durationWords, longDuration, numberWords, roughDuration } from './figures.ts';

test.each([
  [0, '0 s'],
  [0.5, '0.5 s'],
  [2, '2 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [95, '1 min 35 s'],
  [3600, '1 h'],
  [3605, '1 h'],
  [3660, '1 h 1 min'],
  [90_000, '1 d 1 h'],
  [86_465, '1 d'],
  [-95, '-1 min 35 s'],
])('%d s reads "%s"', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});

test.each([
  [90.4, 1, '1 min 30.4 s'],
  [3605.2, 1, '1 h 5.2 s'],
  [93_600.5, 1, '1 d 2 h 0.5 s'],
  [120.001, 3, '2 min 0.001 s'],
  [86_400, 1, '1 d'],
])('%d s with %d decimals reads "%s"', (seconds, detail, words) => {
  expect(durationWords(seconds, detail)).toBe(words);
});

test.each([
  [20, '20'],
  [16.666666, '16.7'],
  [0.12345, '0.123'],
  [12345.678, '12345.7'],
])('%d is written %s', (value, words) => {
  expect(numberWords(value)).toBe(words);
});

test.each([
  [0, 'less than a second'],
  [1, '1 second'],
  [65, '1 minute 5 seconds'],
  [3_600, '1 hour'],
  [3_605, '1 hour'],
  [90_061, '1 day 1 hour'],
  [-5, 'less than a second'],
])('%d s is written out as "%s"', (seconds, words) => {
  expect(longDuration(seconds)).toBe(words);
});

test.each([
  [-5, '0 s'],
  [119.4, '119 s'],
  [120, '2 min'],
  [7_140, '119 min'],
  [7_200, '2 h'],
  [172_800, '2 d'],
])('%d s is about "%s"', (seconds, words) => {
  expect(roughDuration(seconds)).toBe(words);
});
