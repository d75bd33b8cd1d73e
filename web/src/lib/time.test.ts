import { describe, expect, test } from 'vitest';
import { dayMs, formatClock, formatDuration, formatExact, formatRelative, hourMs, minuteMs } from './time';

const now = Date.UTC(2026, 10, 21, 18, 42, 14);

describe('relative time', () => {
  test.each([
    [0, 'now'],
    [-1_900, 'now'],
    [-2_000, '2 sec ago'],
    [-59_999, '59 sec ago'],
    [-minuteMs, '1 min ago'],
    [-90 * minuteMs, '1 hr ago'],
    [-3 * dayMs, '3 days ago'],
    [12 * minuteMs, 'in 12 min'],
  ])('says %d ms as %j', (ms, words) => {
    expect(formatRelative(now + ms, now, 'en')).toBe(words);
  });

  test('becomes a date after a month, when "ago" no longer helps', () => {
    expect(formatRelative(now - 40 * dayMs, now, 'en')).toBe('Oct 12, 2026');
  });

  test('speaks other languages', () => {
    expect(formatRelative(now - 3 * minuteMs, now, 'de')).toBe('vor 3 Min.');
  });
});

describe('durations', () => {
  test.each([
    [-5, '0 s'],
    [9_400, '9 s'],
    [190_000, '3 min 10 s'],
    [120_000, '2 min'],
    [2 * hourMs + 5 * minuteMs, '2 h 5 min'],
    [4 * dayMs + 3 * hourMs, '4 d 3 h'],
  ])('says %d ms as %j', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

describe('clock times', () => {
  test('are shown in the requested zone', () => {
    expect(formatClock(now, 'en', { timeZone: 'America/Halifax' })).toBe('14:42');
    expect(formatClock(now, 'en', { timeZone: 'Australia/Lord_Howe' })).toBe('05:42');
  });

  test('say midnight as 00:00, never 24:00', () => {
    expect(formatClock(Date.UTC(2026, 0, 1), 'en', { timeZone: 'UTC', seconds: true })).toBe('00:00:00');
  });

  test('in full form name their zone', () => {
    expect(formatExact(now, 'en')).toMatch(/Nov 21, 2026.*\d{2}:42:14 \S+/);
  });
});
