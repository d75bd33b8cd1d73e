import { expect, test } from 'vitest';
import { durationWords, numberWords, timeWords } from './words.ts';

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
])('%d s reads "%s"', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
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
  ['UTC', '2026-11-21 18:04:05 UTC'],
  ['America/Halifax', '2026-11-21 14:04:05, Halifax time'],
  ['America/Argentina/Buenos_Aires', '2026-11-21 15:04:05, Buenos Aires time'],
])('a moment reads by the clock of %s', (zone, words) => {
  expect(timeWords(new Date('2026-11-21T18:04:05Z'), zone)).toBe(words);
});
