import { expect, test } from 'vitest';
import { snoozeEnd } from './snooze-end.ts';

const now = new Date('2026-03-01T22:00:00Z');
const endOf = (body: Parameters<typeof snoozeEnd>[0]) => snoozeEnd(body, now).toISOString();

test.each([
  ['an hour', { for: '1h' }, '2026-03-01T23:00:00.000Z'],
  ['seconds as a number', { for: 90 }, '2026-03-01T22:01:30.000Z'],
  ['until the morning, in another zone', { until: '2026-03-02T08:00:00+01:00' }, '2026-03-02T07:00:00.000Z'],
  ['thirty days', { for: '30d' }, '2026-03-31T22:00:00.000Z'],
])('%s', (_name, body, end) => {
  expect(endOf(body)).toBe(end);
});

test.each([
  ['neither', {}, 'either "until" or "for"'],
  ['both', { for: '1h', until: '2026-03-02T08:00:00Z' }, 'either "until" or "for"'],
  ['no time at all', { for: 0 }, 'in the future'],
  ['the past', { until: '2026-03-01T21:59:59Z' }, 'in the future'],
  ['now', { until: '2026-03-01T22:00:00Z' }, 'in the future'],
  ['a month and a second', { for: 30 * 86_400 + 1 }, '30 days'],
])('refuses %s', (_name, body, words) => {
  expect(() => endOf(body)).toThrow(words);
});
