import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { describe, expect, it } from 'vitest';
import { checkOpeningHours } from './opening-hours.ts';
import { normalizeTimeZone } from './timezone.ts';

describe('checkOpeningHours', () => {
  it.each<[string, OpeningHours]>([
    [
      'split days and nights',
      {
        monday: [
          { open: '09:00', close: '12:00' },
          { open: '12:00', close: '02:00' },
        ],
      },
    ],
    ['a day around the clock', { sunday: [{ open: '00:00', close: '24:00' }] }],
    ['holidays alone', { holidays: [{ date: '2026-12-25', closed: true }] }],
    [
      'a holiday with hours',
      { monday: [], holidays: [{ date: '2026-12-24', periods: [{ open: '09:00', close: '13:00' }] }] },
    ],
  ])('accepts %s', (_name, hours) => {
    expect(checkOpeningHours(hours, 'opening_hours')).toEqual([]);
  });

  it.each<[string, OpeningHours, string, RegExp]>([
    ['no day at all', {}, 'opening_hours', /names no day/],
    [
      'overlapping periods',
      {
        friday: [
          { open: '09:00', close: '13:00' },
          { open: '12:00', close: '18:00' },
        ],
      },
      'opening_hours.friday.1',
      /overlaps 09:00-13:00/,
    ],
    [
      'a night over a later period',
      {
        friday: [
          { open: '23:00', close: '23:30' },
          { open: '18:00', close: '02:00' },
        ],
      },
      'opening_hours.friday.0',
      /overlaps 18:00-02:00/,
    ],
    [
      'a date twice',
      {
        holidays: [
          { date: '2026-12-25', closed: true },
          { date: '2026-12-25', closed: true },
        ],
      },
      'opening_hours.holidays.1.date',
      /twice/,
    ],
    [
      'closed with periods',
      { holidays: [{ date: '2026-12-25', closed: true, periods: [{ open: '09:00', close: '10:00' }] }] },
      'opening_hours.holidays.0',
      /cannot be closed and also have periods/,
    ],
    [
      'neither closed nor periods',
      { holidays: [{ date: '2026-12-25', closed: false }] },
      'opening_hours.holidays.0',
      /either closed: true or periods/,
    ],
  ])('refuses %s and names the field', (_name, hours, field, message) => {
    const errors = checkOpeningHours(hours, 'opening_hours');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ field, message: expect.stringMatching(message) });
  });
});

describe('normalizeTimeZone', () => {
  it('spells a zone like IANA, but keeps the name that the operator chose', () => {
    expect(normalizeTimeZone('europe/berlin')).toBe('Europe/Berlin');
    expect(normalizeTimeZone('Asia/Kolkata')).toBe('Asia/Kolkata');
    expect(normalizeTimeZone('UTC')).toBe('UTC');
  });

  it.each(['Mars/Olympus', '+01:00', '', 'Europe', '../etc/passwd'])('knows no zone %j', (text) => {
    expect(normalizeTimeZone(text)).toBeUndefined();
  });
});
