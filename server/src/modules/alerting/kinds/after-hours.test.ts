import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { describe, expect, test } from 'vitest';
import { evaluateAfterHours } from './after-hours.ts';

const config = {
  event_type: 'sale',
  open: '09:00',
  close: '22:00',
  use_site_hours: true,
  lookback_minutes: 60,
  minimum_samples: 1,
};

function judge(
  at: string,
  timezone: string,
  openingHours: OpeningHours | null = null,
  over: Partial<typeof config> = {},
) {
  const minutes = [{ at: Date.parse(at), count: 1 }];
  return evaluateAfterHours({ ...config, ...over }, { timezone, openingHours, minutes });
}

describe('09:00-22:00 site time, on ordinary days', () => {
  test.each([
    ['the minute before opening', '2026-01-15T12:59:00Z', 'firing'],
    ['the minute of opening', '2026-01-15T13:00:00Z', 'ok'],
    ['the last minute', '2026-01-16T01:59:00Z', 'ok'],
    ['the minute of closing', '2026-01-16T02:00:00Z', 'firing'],
    ['the middle of the night', '2026-01-15T07:00:00Z', 'firing'],
  ] as const)('Halifax in winter (UTC-4): %s', (_case, at, verdict) => {
    expect(judge(at, 'America/Halifax').verdict).toBe(verdict);
  });
});

describe('across clock changes', () => {
  test.each([
    // Spring: 2026-03-29, 02:00 -> 03:00. 07:30Z is 09:30 in summer time, 08:30 the day before.
    ['Berlin, the day before the spring gap', '2026-03-28T07:30:00Z', 'Europe/Berlin', 'firing'],
    ['Berlin, the day of the spring gap', '2026-03-29T07:30:00Z', 'Europe/Berlin', 'ok'],
    ['Berlin, the evening of the spring gap', '2026-03-29T20:00:00Z', 'Europe/Berlin', 'firing'],
    ['Berlin, the evening before the spring gap', '2026-03-28T20:00:00Z', 'Europe/Berlin', 'ok'],
    // Autumn: 2026-10-25, 03:00 -> 02:00.
    ['Berlin, the day before the autumn overlap', '2026-10-24T07:30:00Z', 'Europe/Berlin', 'ok'],
    ['Berlin, the day of the autumn overlap', '2026-10-25T07:30:00Z', 'Europe/Berlin', 'firing'],
    ['Berlin, the evening of the autumn overlap', '2026-10-25T20:30:00Z', 'Europe/Berlin', 'ok'],
    // Halifax: 2026-03-08 and 2026-11-01.
    ['Halifax, the day of the spring gap', '2026-03-08T12:30:00Z', 'America/Halifax', 'ok'],
    ['Halifax, the day of the autumn overlap', '2026-11-01T12:30:00Z', 'America/Halifax', 'firing'],
    // Lord Howe moves by 30 minutes: 2026-04-05, +11:00 -> +10:30.
    ['Lord Howe, the day before', '2026-04-03T22:00:00Z', 'Australia/Lord_Howe', 'ok'],
    ['Lord Howe, the day of the half hour', '2026-04-04T22:15:00Z', 'Australia/Lord_Howe', 'firing'],
    ['Lord Howe, half an hour later', '2026-04-04T22:30:00Z', 'Australia/Lord_Howe', 'ok'],
  ] as const)('%s', (_case, at, timezone, verdict) => {
    expect(judge(at, timezone).verdict).toBe(verdict);
  });
});

describe("the site's own hours", () => {
  const late: OpeningHours = {
    friday: [{ open: '18:00', close: '02:00' }],
    holidays: [{ date: '2026-12-25', closed: true }],
  };

  test.each([
    ['Friday night', '2026-06-05T23:30:00Z', 'ok'],
    ['after midnight, still open', '2026-06-06T01:30:00Z', 'ok'],
    ['after closing', '2026-06-06T02:00:00Z', 'firing'],
    ['a day without hours', '2026-06-08T12:00:00Z', 'firing'],
    ['a holiday on a Friday', '2026-12-25T20:00:00Z', 'firing'],
  ] as const)('%s', (_case, at, verdict) => {
    expect(judge(at, 'UTC', late).verdict).toBe(verdict);
  });

  test('count only when the rule uses them', () => {
    expect(judge('2026-06-08T12:00:00Z', 'UTC', late, { use_site_hours: false }).verdict).toBe('ok');
  });
});

test('no sale gives no verdict', () => {
  expect(evaluateAfterHours(config, { timezone: 'UTC', openingHours: null, minutes: [] }).verdict).toBe(
    'unknown',
  );
});

test('the reason has the count, the local time and the hours', () => {
  const minutes = [
    { at: Date.parse('2026-01-16T01:59:00Z'), count: 5 },
    { at: Date.parse('2026-01-16T02:03:00Z'), count: 1 },
    { at: Date.parse('2026-01-16T02:14:00Z'), count: 2 },
  ];
  const judgement = evaluateAfterHours(config, { timezone: 'America/Halifax', openingHours: null, minutes });
  expect(judgement).toMatchObject({ verdict: 'firing', value: 3 });
  expect(judgement.why).toBe(
    '3 sales outside 09:00-22:00 site time, the last at 22:14 on Thu 15 Jan (America/Halifax).',
  );
});

test('fewer events than the minimum do not fire', () => {
  expect(judge('2026-01-15T03:00:00Z', 'UTC', null, { minimum_samples: 2 }).verdict).toBe('ok');
});
