import type { OnCallLayer } from '@watchkeeper/contracts';
import { weekdays } from '@watchkeeper/contracts/inventory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Calendar, finalShifts, shiftsOfLayer } from './final-shifts.ts';
import { stretchesOf } from './now.ts';
import type { Shift } from './shift.ts';

const [ann, ben, cem] = ['ann', 'ben', 'cem'];
const at = (text: string) => Date.parse(text);
const hourMs = 3_600_000;

function layer(changes: Partial<OnCallLayer> = {}): OnCallLayer {
  return {
    name: 'First',
    members: [ann, ben],
    rotation: { every: 1, unit: 'days' },
    handoff_time: '09:00',
    starts_on: '2026-01-01',
    ...changes,
  };
}

function shown(calendar: Partial<Calendar>, from: string, to: string): string[] {
  const whole = {
    timeZone: 'Europe/Berlin',
    layers: [layer()],
    overrides: [],
    members: new Set([ann, ben, cem]),
    ...calendar,
  };
  return finalShifts(whole, { start: at(from), end: at(to) }).map(
    (shift) =>
      `${iso(shift.start)} ${hoursOf(shift)} h ${shift.userId ?? shift.gap}${shift.overrideId === null ? '' : ' instead'}`,
  );
}
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const hoursOf = ({ start, end }: Shift) => (end - start) / hourMs;

describe('a daily rotation over both changes of the clocks', () => {
  test.each([
    ['Europe/Berlin', '2026-03-28T08:00Z', ['2026-03-28T08:00 23 h ann', '2026-03-29T07:00 24 h ben']],
    ['Europe/Berlin', '2026-10-24T07:00Z', ['2026-10-24T07:00 25 h ann', '2026-10-25T08:00 24 h ben']],
    ['America/Halifax', '2026-03-07T13:00Z', ['2026-03-07T13:00 23 h ben', '2026-03-08T12:00 24 h ann']],
    ['America/Halifax', '2026-10-31T12:00Z', ['2026-10-31T12:00 25 h ben', '2026-11-01T13:00 24 h ann']],
  ])('in %s from %s', (timeZone, from, expected) => {
    const to = new Date(at(expected[1]?.slice(0, 16).concat('Z') ?? '') + 24 * hourMs).toISOString();
    expect(shown({ timeZone }, from, to)).toEqual(expected);
  });

  test.each([
    ['Europe/Berlin', '2026-03-28T08:00Z', '2026-03-29T07:00Z'],
    ['America/Halifax', '2026-10-31T12:00Z', '2026-11-01T13:00Z'],
  ])('in %s with an override and a gap in the night of the change', (timeZone, from, to) => {
    const overrides = [{ id: 'o', userId: cem, start: at(from) + 10 * hourMs, end: at(from) + 12 * hourMs }];
    const layers = [layer({ members: [ann], ends_at: new Date(at(to) - 2 * hourMs).toISOString() })];
    const rest = (at(to) - at(from)) / hourMs - 14;
    expect(shown({ timeZone, layers, overrides }, from, to)).toEqual([
      `${iso(at(from))} 10 h ann`,
      `${iso(at(from) + 10 * hourMs)} 2 h cem instead`,
      `${iso(at(from) + 12 * hourMs)} ${rest} h ann`,
      `${iso(at(to) - 2 * hourMs)} 2 h not_covered`,
    ]);
  });

  test('a hand-off in the hour that does not exist comes when the clocks have changed', () => {
    const layers = [layer({ handoff_time: '02:30' })];
    expect(shown({ layers }, '2026-03-28T01:30Z', '2026-03-30T00:30Z')).toEqual([
      '2026-03-28T01:30 24 h ann',
      '2026-03-29T01:30 23 h ben',
    ]);
  });

  test('turns of hours last as long as they say', () => {
    const layers = [layer({ rotation: { every: 12, unit: 'hours' }, starts_on: '2026-03-28' })];
    expect(shown({ layers }, '2026-03-28T08:00Z', '2026-03-29T08:00Z')).toEqual([
      '2026-03-28T08:00 12 h ann',
      '2026-03-28T20:00 12 h ben',
    ]);
  });
});

test('a weekly rotation changes on the weekday on which it began', () => {
  const layers = [layer({ rotation: { every: 1, unit: 'weeks' }, starts_on: '2026-01-05' })];
  expect(shown({ layers }, '2026-01-05T08:00Z', '2026-01-19T08:00Z')).toEqual([
    '2026-01-05T08:00 168 h ann',
    '2026-01-12T08:00 168 h ben',
  ]);
});

test('a rotation changes its length where one layer ends and the next begins', () => {
  const layers = [
    layer({ ends_at: '2026-01-03T08:00:00Z' }),
    layer({ members: [cem, ann], rotation: { every: 2, unit: 'days' }, starts_on: '2026-01-03' }),
  ];
  expect(shown({ layers }, '2026-01-01T08:00Z', '2026-01-07T08:00Z')).toEqual([
    '2026-01-01T08:00 24 h ann',
    '2026-01-02T08:00 24 h ben',
    '2026-01-03T08:00 48 h cem',
    '2026-01-05T08:00 48 h ann',
  ]);
});

describe('nobody on call is said, with the reason', () => {
  const span = ['2026-01-01T08:00Z', '2026-01-03T08:00Z'] as const;
  test('a schedule without layers, or without members', () => {
    expect(shown({ layers: [] }, ...span)).toEqual(['2026-01-01T08:00 48 h no_member']);
    expect(shown({ layers: [layer({ members: [] })] }, ...span)).toEqual(['2026-01-01T08:00 48 h no_member']);
  });
  test('a member who left', () => {
    expect(shown({ members: new Set([ann]) }, ...span)).toEqual([
      '2026-01-01T08:00 24 h ann',
      '2026-01-02T08:00 24 h member_left',
    ]);
  });
  test('their turn falls to the layer below, where there is one', () => {
    const layers = [layer({ members: [cem] }), layer()];
    expect(shown({ layers, members: new Set([ann, cem]) }, ...span)).toEqual([
      '2026-01-01T08:00 24 h ann',
      '2026-01-02T08:00 24 h cem',
    ]);
  });
  test('before the first turn', () => {
    expect(shown({}, '2026-01-01T00:00Z', '2026-01-01T10:00Z')).toEqual([
      '2026-01-01T00:00 8 h not_covered',
      '2026-01-01T08:00 2 h ann',
    ]);
  });
});

test('nights only, and the night of the change is an hour shorter', () => {
  const nights = [{ days: [...weekdays], from: '22:00', to: '06:00' }];
  const layers = [layer({ members: [ann], restrictions: nights })];
  const worked = shown({ layers }, '2026-03-28T12:00Z', '2026-03-30T12:00Z').filter((line) =>
    line.endsWith('ann'),
  );
  // The hand-off at 09:00 is outside of them.
  expect(worked).toEqual(['2026-03-28T21:00 7 h ann', '2026-03-29T20:00 8 h ann']);
});

test('weekends only, above a layer that is always there', () => {
  const weekend = [{ days: ['saturday' as const, 'sunday' as const], from: '00:00', to: '00:00' }];
  const layers = [layer({ members: [ann] }), layer({ members: [cem], restrictions: weekend })];
  const calendar = { timeZone: 'UTC', layers };
  expect(stretches(calendar, '2026-01-02T09:00Z', '2026-01-06T09:00Z')).toEqual([
    '2026-01-02T09:00 ann',
    '2026-01-03T00:00 cem',
    '2026-01-05T00:00 ann',
  ]);
});

test('the override that was made last counts, and nothing of one that is elsewhere', () => {
  const span = (start: string, end: string) => ({ start: at(start), end: at(end) });
  const overrides = [
    { id: 'a', userId: ben, ...span('2026-01-01T10:00Z', '2026-01-01T14:00Z') },
    { id: 'b', userId: cem, ...span('2026-01-01T12:00Z', '2026-01-01T13:00Z') },
    { id: 'c', userId: cem, ...span('2025-01-01T12:00Z', '2025-01-01T13:00Z') },
    { id: 'd', userId: 'gone', ...span('2026-01-01T08:00Z', '2026-01-02T08:00Z') },
  ];
  expect(shown({ overrides }, '2026-01-01T08:00Z', '2026-01-02T08:00Z')).toEqual([
    '2026-01-01T08:00 2 h ann',
    '2026-01-01T10:00 2 h ben instead',
    '2026-01-01T12:00 1 h cem instead',
    '2026-01-01T13:00 1 h ben instead',
    '2026-01-01T14:00 18 h ann',
  ]);
});

function stretches(calendar: Partial<Calendar>, from: string, to: string): string[] {
  const whole = {
    timeZone: 'UTC',
    layers: [],
    overrides: [],
    members: new Set([ann, ben, cem]),
    ...calendar,
  };
  return stretchesOf(finalShifts(whole, { start: at(from), end: at(to) })).map(
    ({ start, userId }) => `${iso(start)} ${userId}`,
  );
}

describe('for any zone, date and rotation', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/Halifax',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Casablanca',
    'Asia/Kathmandu',
    'America/Santiago',
  ];
  const two = (value: number) => String(value).padStart(2, '0');
  const cases = fc.record({
    timeZone: fc.constantFrom(...zones),
    day: fc.integer({ min: 0, max: 15_000 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.constantFrom(0, 30, 59),
    unit: fc.constantFrom('hours' as const, 'days' as const, 'weeks' as const),
    every: fc.integer({ min: 1, max: 40 }),
    offset: fc.integer({ min: 0, max: 4_000 }),
    hours: fc.integer({ min: 1, max: 3_000 }),
  });

  test('the shifts of a layer without restrictions tile the time exactly', () => {
    fc.assert(
      fc.property(cases, ({ timeZone, day, hour, minute, unit, every, offset, hours }) => {
        const rotation = { every, unit };
        const startsOn = new Date(day * 24 * hourMs).toISOString().slice(0, 10);
        const one = layer({ rotation, handoff_time: `${two(hour)}:${two(minute)}`, starts_on: startsOn });
        const start = day * 24 * hourMs + (offset + 60) * hourMs;
        const span = { start, end: start + hours * hourMs };
        const shifts = shiftsOfLayer(one, 0, timeZone, span);
        expect(shifts[0]?.start).toBe(span.start);
        expect(shifts.at(-1)?.end).toBe(span.end);
        for (const [index, shift] of shifts.entries()) {
          expect(shift.end).toBeGreaterThan(shift.start);
          if (index > 0) expect(shift.start).toBe(shifts[index - 1]?.end);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('what is final tiles the span, and a part of it says the same as the whole', () => {
    fc.assert(
      fc.property(cases, cases, ({ timeZone, day, unit, every, hours }, other) => {
        const nights = [{ days: ['friday' as const, 'sunday' as const], from: '22:00', to: '06:00' }];
        const startsOn = new Date((day + 30) * 24 * hourMs).toISOString().slice(0, 10);
        const calendar = {
          timeZone,
          layers: [
            layer({ rotation: { every, unit }, starts_on: startsOn }),
            layer({ members: [cem, 'gone'], restrictions: nights, starts_on: startsOn }),
          ],
          overrides: [
            {
              id: 'o',
              userId: ben,
              start: day * 24 * hourMs + 800 * hourMs,
              end: day * 24 * hourMs + 900 * hourMs,
            },
          ],
          members: new Set([ann, ben, cem]),
        };
        const start = day * 24 * hourMs + 700 * hourMs;
        const end = start + hours * hourMs;
        const whole = finalShifts(calendar, { start, end });
        expect(whole[0]?.start).toBe(start);
        expect(whole.at(-1)?.end).toBe(end);
        for (const [index, shift] of whole.entries())
          if (index > 0) expect(shift.start).toBe(whole[index - 1]?.end);
        const moment = start + Math.min(other.offset, hours - 1) * hourMs;
        const [single] = finalShifts(calendar, { start: moment, end: moment + 1 });
        const holder = whole.find((shift) => shift.start <= moment && moment < shift.end);
        expect({ userId: single?.userId, gap: single?.gap }).toEqual({
          userId: holder?.userId,
          gap: holder?.gap,
        });
      }),
      { numRuns: 150 },
    );
  });
});
