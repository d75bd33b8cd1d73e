import type { MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { describe, expect, test } from 'vitest';
import { maintenance } from '../../messages/en/maintenance';
import { noRecurrence } from './recurrence';
import { draftOfWindow, moveStart, newDraft, readWindowDraft } from './window-draft';
import { clockNote, scheduleWords, spanWords } from './window-words';

const words = maintenance;
const zone = 'America/Halifax';
const now = Date.parse('2026-11-21T18:42:30Z');

describe('the form of a window', () => {
  test('begins now for an hour, or in the morning of the chosen day', () => {
    const wish = { site: 'dartmouth', device: undefined, day: undefined };
    expect(newDraft(wish, zone, now)).toMatchObject({ start: '2026-11-21T14:42', end: '2026-11-21T15:42' });
    const pressed = newDraft({ ...wish, device: 'gate-1', day: '2026-12-01' }, zone, now);
    expect(pressed).toMatchObject({ start: '2026-12-01T06:00', scope: 'some', systems: ['device:gate-1'] });
  });

  test('says what is missing, and sends local times of the place', () => {
    const draft = newDraft({ site: 'dartmouth', device: undefined, day: '2026-12-01' }, zone, now);
    expect(readWindowDraft(draft, words).errors).toEqual({ reason: words.reasonMissing });
    const wrong = { ...draft, reason: 'Lamps', end: '2026-12-01T05:00', scope: 'some' as const };
    expect(readWindowDraft(wrong, words)).toMatchObject({
      errors: { end_time: words.endBeforeStart, systems: words.systemsMissing },
      isDated: false,
    });
    const weekly = { ...noRecurrence(), frequency: 'weekly' as const, interval: '0', ends: 'date' as const };
    expect(Object.keys(readWindowDraft({ ...draft, recurrence: weekly }, words).errors)).toEqual([
      'interval',
      'weekdays',
      'until',
      'reason',
    ]);
    expect(readWindowDraft({ ...draft, reason: ' Lamps ' }, words).body).toEqual({
      location: 'dartmouth',
      systems: ['all'],
      start_time: '2026-12-01T06:00',
      end_time: '2026-12-01T07:00',
      timezone: zone,
      recurrence: null,
      reason: 'Lamps',
      suppress_alerts: true,
      auto_reply: null,
    });
  });

  test('keeps its length when its start moves', () => {
    const draft = newDraft({ site: undefined, device: undefined, day: '2026-12-01' }, zone, now);
    expect(moveStart({ ...draft, end: '2026-12-01T08:30' }, '2026-12-02T22:00').end).toBe('2026-12-03T00:30');
  });
});

describe('a window in words', () => {
  const window = {
    start_time: '2026-11-24T22:00:00Z',
    end_time: '2026-11-25T01:00:00Z',
    timezone: 'Europe/London',
    recurrence: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270131',
  };
  test.each([
    [
      window.recurrence,
      'Every 2 weeks on Tuesday and Thursday until Jan 31 2027, 22:00 to 01:00 the next day.',
    ],
    [
      'FREQ=MONTHLY;BYDAY=2TU;COUNT=6',
      'Every month on the second Tuesday, 6 times, 22:00 to 01:00 the next day.',
    ],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'Every month on the last day, 22:00 to 01:00 the next day.'],
    ['FREQ=WEEKLY', 'By the rule FREQ=WEEKLY, 22:00 to 01:00 the next day.'],
    [null, 'Once, Nov 24, 22:00 to Nov 25, 01:00.'],
  ])('%s', (recurrence, expected) => {
    expect(scheduleWords({ ...window, recurrence })).toBe(expected);
  });

  test('says how a change of the clocks affects it, and the form keeps the planned times', () => {
    const night = { start_time: '2026-03-29T00:00:00Z', end_time: '2026-03-29T03:00:00Z' };
    expect(clockNote(night, 'Europe/Berlin')).toBe('The clocks go forward: 3 h instead of 4 h.');
    expect(clockNote(night, 'UTC')).toBeUndefined();
    expect(spanWords(night, 'Europe/Berlin')).toBe('Sun, Mar 29, 01:00 – 05:00');
    const planned: MaintenanceWindow = {
      ...{ ...window, id: '', slug: 'lamps', location: 'leeds', systems: ['gate-1'], reason: 'Lamps' },
      ...{ reference: null, requested_by: null },
      ...{
        suppress_alerts: false,
        auto_reply: null,
        status: 'scheduled',
        current: null,
        calendar_fault: null,
      },
      ...{ created_by: { kind: 'user', id: '', name: 'Dana' }, created_at: '', updated_at: '' },
    };
    const read = draftOfWindow(planned);
    expect(readWindowDraft(read, words).body).toMatchObject({
      start_time: '2026-11-24T22:00',
      end_time: '2026-11-25T01:00',
      systems: ['gate-1'],
      suppress_alerts: false,
      recurrence: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270131',
    });
    // A zone that this browser does not know: the form opens, and another one can be chosen.
    expect(draftOfWindow({ ...planned, systems: [], timezone: 'No/Where' }).timezone).toBe('UTC');
  });
});
