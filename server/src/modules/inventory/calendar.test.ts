import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '#platform/temporal';
import { businessHours, everyDay, isOpen, localTimeWindow, openIntervals } from './calendar.ts';

const at = (text: string) => new Date(text);
const open = (closesAt: string) => ({ open: true, closesAt: at(closesAt) });
const closed = (opensAt: string) => ({ open: false, opensAt: at(opensAt) });

const club: OpeningHours = {
  monday: [
    { open: '09:00', close: '12:00' },
    { open: '13:00', close: '22:00' },
  ],
  friday: [{ open: '18:00', close: '03:00' }],
  saturday: [{ open: '10:00', close: '24:00' }],
  sunday: [{ open: '00:00', close: '01:00' }],
  holidays: [
    { date: '2026-12-25', name: 'Christmas', closed: true },
    { date: '2026-12-28', periods: [{ open: '11:00', close: '15:00' }] },
  ],
};

describe('isOpen', () => {
  it.each([
    ['within a period', '2026-11-23T09:30:00+01:00', open('2026-11-23T12:00:00+01:00')],
    ['at the minute of opening', '2026-11-23T09:00:00+01:00', open('2026-11-23T12:00:00+01:00')],
    ['at the minute of closing', '2026-11-23T12:00:00+01:00', closed('2026-11-23T13:00:00+01:00')],
    ['between two periods of a day', '2026-11-23T12:59:59+01:00', closed('2026-11-23T13:00:00+01:00')],
    ['on a day without hours', '2026-11-24T12:00:00+01:00', closed('2026-11-27T18:00:00+01:00')],
    ['before midnight of a night', '2026-11-27T23:00:00+01:00', open('2026-11-28T03:00:00+01:00')],
    ['after midnight of a night', '2026-11-28T02:59:00+01:00', open('2026-11-28T03:00:00+01:00')],
    ['after the night', '2026-11-28T03:00:00+01:00', closed('2026-11-28T10:00:00+01:00')],
    [
      'across midnight where one day ends at 24:00 and the next begins at 00:00',
      '2026-11-28T23:30:00+01:00',
      open('2026-11-29T01:00:00+01:00'),
    ],
    ['on a closed holiday', '2026-12-25T19:00:00+01:00', closed('2026-12-26T10:00:00+01:00')],
    [
      'on a holiday with hours of its own, before them',
      '2026-12-28T09:30:00+01:00',
      closed('2026-12-28T11:00:00+01:00'),
    ],
    ['on a holiday with hours of its own', '2026-12-28T11:00:00+01:00', open('2026-12-28T15:00:00+01:00')],
  ])('%s', (_name, instant, expected) => {
    expect(isOpen(club, 'Europe/Berlin', at(instant))).toEqual(expected);
  });

  it('lets the night before a holiday end in its own time', () => {
    const hours: OpeningHours = {
      ...everyDay('18:00', '02:00'),
      holidays: [{ date: '2026-12-25', closed: true }],
    };
    expect(isOpen(hours, 'Europe/Berlin', at('2026-12-25T01:00:00+01:00'))).toEqual(
      open('2026-12-25T02:00:00+01:00'),
    );
    expect(isOpen(hours, 'Europe/Berlin', at('2026-12-25T20:00:00+01:00'))).toEqual(
      closed('2026-12-26T18:00:00+01:00'),
    );
  });

  it('is always open without hours, and names no closing for a place open around the clock', () => {
    expect(isOpen(null, 'Europe/Berlin', at('2026-01-01T00:00:00Z'))).toEqual({ open: true });
    expect(isOpen(everyDay('00:00', '24:00'), 'Europe/Berlin', at('2026-01-01T00:00:00Z'))).toEqual({
      open: true,
    });
    expect(isOpen(everyDay('09:00', '09:00'), 'Europe/Berlin', at('2026-01-01T00:00:00Z'))).toEqual({
      open: true,
    });
  });

  it('names no opening when there is none in the coming time', () => {
    expect(isOpen({ monday: [] }, 'Europe/Berlin', at('2026-01-01T00:00:00Z'))).toEqual({ open: false });
  });

  it('finds the opening after a winter in which each day is closed', () => {
    const winter = Array.from({ length: 120 }, (_, day) =>
      Temporal.PlainDate.from('2026-11-01').add({ days: day }).toString(),
    );
    const hours: OpeningHours = {
      ...everyDay('08:00', '20:00'),
      holidays: winter.map((date) => ({ date, closed: true })),
    };
    expect(isOpen(hours, 'America/Halifax', at('2026-11-10T12:00:00Z'))).toEqual(
      closed('2027-03-01T08:00:00-04:00'),
    );
  });
});

describe('isOpen where the clocks change', () => {
  const night = everyDay('22:00', '06:00');
  it.each([
    // Spring: 02:00 -> 03:00 on 2026-03-29 in Berlin.
    [
      'Berlin, spring: a night is an hour shorter',
      night,
      'Europe/Berlin',
      '2026-03-29T00:30:00Z',
      open('2026-03-29T04:00:00Z'),
    ],
    [
      'Berlin, spring: an opening within the gap is the jump itself',
      everyDay('02:30', '05:00'),
      'Europe/Berlin',
      '2026-03-29T00:59:59Z',
      closed('2026-03-29T01:00:00Z'),
    ],
    [
      'Berlin, spring: a closing within the gap is the jump itself',
      everyDay('01:00', '02:30'),
      'Europe/Berlin',
      '2026-03-29T00:30:00Z',
      open('2026-03-29T01:00:00Z'),
    ],
    [
      'Berlin, spring: a period within the gap does not happen',
      everyDay('02:10', '02:50'),
      'Europe/Berlin',
      '2026-03-29T00:30:00Z',
      closed('2026-03-30T00:10:00Z'),
    ],
    // Autumn: 03:00 -> 02:00 on 2026-10-25 in Berlin.
    [
      'Berlin, autumn: a night is an hour longer',
      night,
      'Europe/Berlin',
      '2026-10-24T21:00:00Z',
      open('2026-10-25T05:00:00Z'),
    ],
    [
      'Berlin, autumn: opens at the first 02:30',
      everyDay('02:30', '05:00'),
      'Europe/Berlin',
      '2026-10-25T00:30:00Z',
      open('2026-10-25T04:00:00Z'),
    ],
    [
      'Berlin, autumn: stays open while 02:10 comes again',
      everyDay('02:30', '05:00'),
      'Europe/Berlin',
      '2026-10-25T01:10:00Z',
      open('2026-10-25T04:00:00Z'),
    ],
    [
      'Berlin, autumn: closes at the second 02:30',
      everyDay('20:00', '02:30'),
      'Europe/Berlin',
      '2026-10-25T00:40:00Z',
      open('2026-10-25T01:30:00Z'),
    ],
    // 02:00 -> 03:00 on 2026-03-08 and 02:00 -> 01:00 on 2026-11-01 in Halifax.
    ['Halifax, spring', night, 'America/Halifax', '2026-03-08T05:59:00Z', open('2026-03-08T09:00:00Z')],
    [
      'Halifax, autumn: closes at the second 01:30',
      everyDay('20:00', '01:30'),
      'America/Halifax',
      '2026-11-01T04:45:00Z',
      open('2026-11-01T05:30:00Z'),
    ],
    // Half an hour: 02:00 -> 02:30 on 2026-10-04, 02:00 -> 01:30 on 2026-04-05 on Lord Howe Island.
    [
      'Lord Howe, spring: an opening within the half-hour gap',
      everyDay('02:15', '05:00'),
      'Australia/Lord_Howe',
      '2026-10-03T15:29:59Z',
      closed('2026-10-03T15:30:00Z'),
    ],
    [
      'Lord Howe, autumn: closes at the second 01:45',
      everyDay('20:00', '01:45'),
      'Australia/Lord_Howe',
      '2026-04-04T14:50:00Z',
      open('2026-04-04T15:15:00Z'),
    ],
    // Midnight itself does not happen on 2026-04-24 in Cairo (00:00 -> 01:00).
    [
      'Cairo: a day that begins at 01:00',
      everyDay('00:00', '05:00'),
      'Africa/Cairo',
      '2026-04-23T21:59:59Z',
      closed('2026-04-23T22:00:00Z'),
    ],
    // All of 2011-12-30 was skipped in Samoa.
    [
      'Samoa: a day that never was',
      everyDay('09:00', '17:00'),
      'Pacific/Apia',
      '2011-12-30T03:00:00Z',
      closed('2011-12-30T19:00:00Z'),
    ],
  ])('%s', (_name, hours, timezone, instant, expected) => {
    expect(isOpen(hours, timezone, at(instant))).toEqual(expected);
  });
});

describe('localTimeWindow and businessHours', () => {
  it('follows local time over midnight and over a change of the clocks', () => {
    const window = { open: '22:00', close: '06:00' };
    expect(localTimeWindow(window, 'America/Halifax', at('2026-07-01T01:00:00Z'))).toEqual(
      open('2026-07-01T09:00:00Z'),
    );
    expect(localTimeWindow(window, 'America/Halifax', at('2026-07-01T12:00:00Z'))).toEqual(
      closed('2026-07-02T01:00:00Z'),
    );
    expect(localTimeWindow(window, 'America/Halifax', at('2026-12-01T01:00:00Z')).open).toBe(false);
  });

  it('expects business from 09:00 to 22:00 without set hours, else within the hours', () => {
    expect(isOpen(businessHours(null), 'Europe/Berlin', at('2026-11-23T08:59:00+01:00'))).toEqual(
      closed('2026-11-23T09:00:00+01:00'),
    );
    expect(isOpen(businessHours(null), 'Europe/Berlin', at('2026-11-23T21:59:00+01:00'))).toEqual(
      open('2026-11-23T22:00:00+01:00'),
    );
    expect(businessHours(club)).toBe(club);
  });
});

describe('openIntervals', () => {
  it('joins intervals that touch and cuts them to the range', () => {
    expect(
      openIntervals(
        everyDay('00:00', '24:00'),
        'Europe/Berlin',
        at('2026-03-28T00:00:00Z'),
        at('2026-03-31T00:00:00Z'),
      ),
    ).toEqual([{ from: at('2026-03-28T00:00:00Z'), to: at('2026-03-31T00:00:00Z') }]);
    expect(
      openIntervals(
        everyDay('09:00', '17:00'),
        'Europe/Berlin',
        at('2026-03-28T10:00:00Z'),
        at('2026-03-29T09:00:00Z'),
      ),
    ).toEqual([
      { from: at('2026-03-28T10:00:00Z'), to: at('2026-03-28T16:00:00Z') },
      { from: at('2026-03-29T07:00:00Z'), to: at('2026-03-29T09:00:00Z') },
    ]);
  });

  it('refuses a range that is too long', () => {
    expect(() =>
      openIntervals(club, 'Europe/Berlin', at('2000-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z')),
    ).toThrow(RangeError);
  });
});

const time = (max: number) =>
  fc
    .integer({ min: 0, max })
    .map(
      (minute) =>
        `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
    );
const periods = fc.array(fc.record({ open: time(1439), close: time(1440) }), { maxLength: 3 });
const anyHours = fc.record({
  monday: periods,
  tuesday: periods,
  wednesday: periods,
  thursday: periods,
  friday: periods,
  saturday: periods,
  sunday: periods,
});
const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/Halifax',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/St_Johns',
  'Asia/Kolkata',
  'UTC',
);
const instants = fc.date({
  min: at('2026-01-01T00:00:00Z'),
  max: at('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
});

/** The definition, read directly from local time; undefined for the hour that happens twice. */
function wallSaysOpen(hours: OpeningHours, timezone: string, instant: Date): boolean {
  const now = Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime();
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
  const clock = now.toPlainTime().toString({ smallestUnit: 'millisecond' });
  const today = days[now.dayOfWeek - 1];
  const yesterday = days[(now.dayOfWeek + 5) % 7];
  const todays = (today && hours[today]) ?? [];
  const yesterdays = (yesterday && hours[yesterday]) ?? [];
  return (
    todays.some(({ open: from, close: to }) => clock >= from && (to <= from || clock < to)) ||
    yesterdays.some(({ open: from, close: to }) => to <= from && clock < to)
  );
}

/** Within a day of clocks going back, local time alone is ambiguous. */
function nearOverlap(timezone: string, instant: Date): boolean {
  const here = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timezone);
  const change = here.subtract({ hours: 26 }).getTimeZoneTransition('next');
  if (change === null || change.epochMilliseconds > here.add({ hours: 26 }).epochMilliseconds) return false;
  return change.offsetNanoseconds < change.subtract({ nanoseconds: 1 }).offsetNanoseconds;
}

describe('properties', () => {
  it('agrees with local time at every instant, and is never narrower in a doubled hour', () => {
    fc.assert(
      fc.property(anyHours, zones, instants, (hours, timezone, instant) => {
        const wall = wallSaysOpen(hours, timezone, instant);
        const ours = isOpen(hours, timezone, instant).open;
        if (nearOverlap(timezone, instant)) expect(ours || !wall).toBe(true);
        else expect(ours).toBe(wall);
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes exactly at the moment it names', () => {
    fc.assert(
      fc.property(anyHours, zones, instants, (hours, timezone, instant) => {
        const state = isOpen(hours, timezone, instant);
        const edge = state.opensAt ?? state.closesAt;
        if (edge === undefined) return;
        expect(edge.getTime()).toBeGreaterThan(instant.getTime());
        expect(isOpen(hours, timezone, edge).open).toBe(!state.open);
        expect(isOpen(hours, timezone, new Date(edge.getTime() - 1)).open).toBe(state.open);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same result by range as by instant', () => {
    fc.assert(
      fc.property(
        anyHours,
        zones,
        instants,
        fc.integer({ min: 0, max: 10 * 86_400 }),
        (hours, timezone, from, offset) => {
          const to = new Date(from.getTime() + 10 * 86_400_000);
          const instant = new Date(from.getTime() + offset * 1000 - 1);
          if (instant < from) return;
          const within = openIntervals(hours, timezone, from, to).some(
            (stretch) => stretch.from <= instant && instant < stretch.to,
          );
          expect(within).toBe(isOpen(hours, timezone, instant).open);
        },
      ),
      { numRuns: 500 },
    );
  });
});
