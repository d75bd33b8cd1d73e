import { describe, expect, test } from 'vitest';
import { addMonths, clockChange, dayAt, daysOf, isDay, onDay, spanOf, stepOf, weekdayOf } from './days';
import { overlapping, overlaps, type Planned } from './overlap';

const hour = 3_600_000;

describe('the days of the calendar', () => {
  test('a month is shown in whole weeks from Monday', () => {
    const days = daysOf('month', '2026-11-21');
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-10-26', '2026-12-06', 42]);
    expect(daysOf('month', '2027-02-10')).toHaveLength(28);
    expect(daysOf('week', '2026-11-21')[0]).toBe('2026-11-16');
    expect(weekdayOf('2026-11-22')).toBe(7);
  });

  test('a step leads to the next month, also from its last day', () => {
    expect(stepOf('month', '2026-01-31', 1)).toBe('2026-02-01');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(stepOf('week', '2026-12-30', 1)).toBe('2027-01-06');
    expect(isDay('2026-02-30x')).toBe(false);
  });

  test('a day of 23 or 25 hours, when the clocks change, is marked', () => {
    const spring = spanOf('2026-03-29', 'Europe/Berlin');
    const autumn = spanOf('2026-11-01', 'America/Halifax');
    expect((spring.to - spring.from) / hour).toBe(23);
    expect((autumn.to - autumn.from) / hour).toBe(25);
    expect(clockChange(spring.from, spring.to, 'Europe/Berlin')).toBe('forward');
    expect(clockChange(autumn.from, autumn.to, 'America/Halifax')).toBe('back');
    expect(clockChange(spring.from, spring.to, 'America/Halifax')).toBeUndefined();
  });

  test('a window over midnight is on both days, in the time zone of its place', () => {
    const night = { start_time: '2026-11-21T22:00:00Z', end_time: '2026-11-22T03:00:00Z' };
    expect(onDay([night], '2026-11-21', 'Europe/London')).toEqual([night]);
    expect(onDay([night], '2026-11-22', 'Europe/London')).toEqual([night]);
    expect(onDay([night], '2026-11-22', 'America/Halifax')).toEqual([]);
    expect(dayAt(Date.parse(night.start_time), 'Australia/Perth')).toBe('2026-11-22');
  });
});

describe('two windows overlap', () => {
  const plan = (id: string, hours: [number, number], location: string, systems?: string[]): Planned => ({
    window_id: id,
    location,
    systems,
    start_time: new Date(hours[0] * hour).toISOString(),
    end_time: new Date(hours[1] * hour).toISOString(),
  });

  test('when they are at the same time and may cover the same things', () => {
    const leeds = plan('a', [0, 2], 'leeds', ['all']);
    expect(overlaps(leeds, plan('b', [1, 3], 'leeds', ['bay-1-pc']))).toBe(true);
    expect(overlaps(leeds, plan('b', [1, 3], 'all', ['type:trackman_pc']))).toBe(true);
    expect(overlaps(leeds, plan('b', [2, 3], 'leeds', ['all']))).toBe(false);
    expect(overlaps(leeds, plan('b', [1, 3], 'perth', ['all']))).toBe(false);
    expect(overlaps(leeds, plan('a', [1, 3], 'leeds', ['all']))).toBe(false);
    expect(overlaps(plan('a', [0, 2], 'leeds', ['gate-1']), plan('b', [0, 2], 'leeds', ['gate-2']))).toBe(
      false,
    );
    expect(overlaps(plan('a', [0, 2], 'leeds', ['area:bar']), plan('b', [0, 2], 'leeds', ['gate-2']))).toBe(
      true,
    );
  });

  test('each is named once, however often it recurs', () => {
    const others = [plan('b', [0, 1], 'leeds'), plan('b', [4, 5], 'leeds'), plan('c', [9, 10], 'leeds')];
    expect(overlapping([plan('a', [0, 6], 'leeds')], others).map((each) => each.window_id)).toEqual(['b']);
  });
});
