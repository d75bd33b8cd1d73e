import { expect, test } from 'vitest';
import { clockText, instantOf } from './zoned';

test.each([
  ['2026-11-21T18:42', 'America/Halifax', '2026-11-21T22:42:00.000Z'],
  ['2026-07-01T18:42', 'America/Halifax', '2026-07-01T21:42:00.000Z'],
  ['2026-11-21T06:00', 'Australia/Perth', '2026-11-20T22:00:00.000Z'],
  ['2026-11-21T00:00', 'Asia/Kathmandu', '2026-11-20T18:15:00.000Z'],
  ['2026-11-21T18:42', 'UTC', '2026-11-21T18:42:00.000Z'],
])('%s in %s', (text, zone, instant) => {
  expect(new Date(instantOf(text, zone)).toISOString()).toBe(instant);
  expect(clockText(Date.parse(instant), zone)).toBe(text);
});

test('a time that comes twice is the first one, a skipped time lies after the jump', () => {
  const london = (text: string) => new Date(instantOf(text, 'Europe/London')).toISOString();
  expect(london('2026-10-25T01:30')).toBe('2026-10-25T00:30:00.000Z');
  expect(london('2026-03-29T01:30')).toBe('2026-03-29T01:30:00.000Z');
  expect(clockText(instantOf('2026-03-29T01:30', 'Europe/London'), 'Europe/London')).toBe('2026-03-29T02:30');
});

test('text that is not a time gives none', () => {
  expect(instantOf('', 'UTC')).toBeNaN();
});
