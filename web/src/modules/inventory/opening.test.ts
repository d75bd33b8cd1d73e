import { describe, expect, test } from 'vitest';
import { openingNow, weekdayAt, weekOf } from './opening';

const now = Date.UTC(2026, 10, 21, 18, 0);
const halifax = {
  timezone: 'America/Halifax',
  opening_hours: {},
  open_now: true,
  opens_at: null,
  closes_at: null,
};

describe('the words for the opening of a site', () => {
  test('use its own time zone', () => {
    expect(openingNow({ ...halifax, closes_at: '2026-11-22T02:00:00Z' }, now)).toBe('Open now until 22:00');
  });

  test('name the day when it opens again later than tomorrow', () => {
    const closed = { ...halifax, open_now: false, opens_at: '2026-11-24T13:00:00Z' };
    expect(openingNow(closed, now)).toBe('Closed until Nov 24, 2026, 09:00');
  });

  test('name the day at the site, which is not always the day here', () => {
    const closed = { ...halifax, open_now: false, opens_at: '2026-11-24T02:00:00Z' };
    expect(openingNow(closed, now)).toBe('Closed until Nov 23, 2026, 22:00');
  });

  test('say open around the clock when it has no hours', () => {
    expect(openingNow({ ...halifax, opening_hours: null }, now)).toBe('Open around the clock');
  });

  test('say so when it never opens', () => {
    expect(openingNow({ ...halifax, open_now: false }, now)).toBe('Closed');
  });
});

test('start the week on Monday and show which days are closed', () => {
  const week = weekOf({
    tuesday: [
      { open: '09:00', close: '12:00' },
      { open: '13:00', close: '24:00' },
    ],
  });
  expect(week[0]).toEqual({ day: 'monday', text: 'Closed' });
  expect(week[1]).toEqual({ day: 'tuesday', text: '09:00–12:00, 13:00–24:00' });
  expect(week).toHaveLength(7);
});

test('take the date of today at the site, not here', () => {
  const lateSaturdayUtc = Date.UTC(2026, 10, 21, 23, 0);
  expect(weekdayAt(lateSaturdayUtc, 'UTC')).toBe('saturday');
  expect(weekdayAt(lateSaturdayUtc, 'Australia/Sydney')).toBe('sunday');
});
