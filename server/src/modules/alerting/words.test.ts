import { type Comparison, comparisons } from '@watchkeeper/contracts';
import { durationWords } from '@watchkeeper/contracts/figures';
import { expect, test } from 'vitest';
import {
  besideLimit,
  capitalized,
  timeWords,
  uncapitalized,
  wordsOfAsked,
  wordsOfComparison,
  wordsOfLimit,
  wordsOfMetric,
} from './words.ts';

test.each([
  ['UTC', '2026-11-21 18:04:05 UTC'],
  ['America/Halifax', '2026-11-21 14:04:05, Halifax time'],
  ['No/Where', '2026-11-21 18:04:05 UTC'],
  ['America/Argentina/Buenos_Aires', '2026-11-21 15:04:05, Buenos Aires time'],
])('a moment is written in the time zone %s', (zone, words) => {
  expect(timeWords(new Date('2026-11-21T18:04:05Z'), zone)).toBe(words);
});

test.each([
  [90.4, 90, 's', '1 min 30.4 s', '1 min 30 s'],
  [89.97, 90, 's', '1 min 29 s', '1 min 30 s'],
  [120.001, 120, 's', '2 min 0.001 s', '2 min'],
  [3605.2, 3600, 's', '1 h 5.2 s', '1 h'],
  [3600.05, 3600, 's', '1 h 0.05 s', '1 h'],
  [93_600.5, 93_600, 's', '1 d 2 h 0.5 s', '1 d 2 h'],
  [2.5, 2, 's', '2.5 s', '2 s'],
  [0.0004, 0.0003, 's', '0.0004 s', '0.0003 s'],
  [90.04, 90, '%', '90.04 %', '90 %'],
  [89.996, 90, '%', '89.996 %', '90 %'],
  [95, 90, '%', '95 %', '90 %'],
  [90, 90, '%', '90 %', '90 %'],
  [1000.4, 1000, '%', '1000.4 %', '1000 %'],
  [-0.5, 0, '%', '-0.5 %', '0 %'],
] as const)('%d beside a limit of %d %s looks as different as it is', (value, limit, unit, said, bound) => {
  const format = unit === 's' ? durationWords : wordsOfMetric('cpu_usage').format;
  expect(besideLimit(value, limit, format)).toEqual({ value: said, limit: bound });
});

test('none of a thousand values around a limit is written like the limit itself', () => {
  for (const limit of [1, 60, 90, 3_600, 86_400]) {
    for (let step = 1; step <= 200; step += 1) {
      for (const value of [limit + step / 100, limit - step / 1_000]) {
        const said = besideLimit(value, limit, durationWords);
        expect(said.value, `${value} beside ${limit}`).not.toBe(said.limit);
      }
    }
  }
});

test.each([
  ['CPU usage', 'CPU usage'],
  ['I/O wait', 'I/O wait'],
  ['p95 latency', 'p95 latency'],
  ['Sync lag', 'sync lag'],
  ['Request latency (p95)', 'request latency (p95)'],
  ['iSCSI queue', 'iSCSI queue'],
  ['X axis', 'X axis'],
  ['Äquator', 'äquator'],
])('"%s" inside a sentence is "%s"', (label, inSentence) => {
  expect(uncapitalized(label)).toBe(inSentence);
});

test('the name of a custom metric keeps its capitals everywhere', () => {
  for (const name of ['queueDepth', 'CpuLoad', 'constructor', '__proto__', 'Temp_C'])
    expect(wordsOfMetric(name)).toMatchObject({ label: name, inSentence: name });
  expect(wordsOfMetric('cpu_usage')).toMatchObject({ label: 'CPU usage', inSentence: 'CPU usage' });
});

test.each([
  ['refund', 'Refund'],
  ['"x" event', '"x" event'],
  ['😀 button', '😀 button'],
  ['', ''],
])('"%s" at the start of a sentence is "%s"', (text, said) => {
  expect(capitalized(text)).toBe(said);
});

test.each<[Comparison, string, string, string]>([
  ['>', 'the limit is 9', 'the rule asks for more than 9', 'above 9'],
  ['>=', 'it must stay below 9', 'the rule asks for 9 or more', 'at or above 9'],
  ['<', 'the lower limit is 9', 'the rule asks for less than 9', 'below 9'],
  ['<=', 'it must stay above 9', 'the rule asks for 9 or less', 'at or below 9'],
  ['==', 'it must not be 9', 'the rule asks for exactly 9', 'equal to 9'],
  ['!=', 'it must be 9', 'the rule asks for anything but 9', 'other than 9'],
])('%s has the right words in each place', (operator, limit, asked, condition) => {
  expect(wordsOfLimit(operator, '9')).toBe(limit);
  expect(wordsOfAsked(operator, '9')).toBe(asked);
  expect(wordsOfComparison(operator, '9')).toBe(condition);
  expect(comparisons).toContain(operator);
});
