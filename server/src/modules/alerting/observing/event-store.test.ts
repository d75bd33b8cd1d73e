import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minuteMs, SlidingMinutes, windowInstants } from './event-store.ts';

const start = Date.parse('2026-03-02T12:00:00Z');

const minutes = fc
  .uniqueArray(fc.tuple(fc.nat(300), fc.nat(5), fc.nat(5)), { selector: ([offset]) => offset, maxLength: 60 })
  .map((rows) =>
    rows
      .sort(([a], [b]) => a - b)
      .map(([offset, successes, failures]) => ({ at: start + offset * minuteMs, successes, failures })),
  );

test('a sliding window has the same count as a new count of the window, at every instant at which it changes', () => {
  fc.assert(
    fc.property(minutes, fc.integer({ min: 1, max: 120 }), (all, width) => {
      const windowMs = width * minuteMs;
      const sliding = new SlidingMinutes(all);
      for (const at of windowInstants(all, windowMs, new Date(start), new Date(start + 600 * minuteMs))) {
        const inside = sliding.moveTo(at, windowMs);
        const fresh = all.filter((minute) => minute.at <= at && minute.at > at - windowMs);
        expect(inside).toEqual(fresh);
        expect(sliding.successes).toBe(fresh.reduce((sum, minute) => sum + minute.successes, 0));
        expect(sliding.failures).toBe(fresh.reduce((sum, minute) => sum + minute.failures, 0));
      }
    }),
  );
});

test('the instants include the one at which the last event has left', () => {
  const instants = windowInstants(
    [{ at: start, successes: 1, failures: 0 }],
    60 * minuteMs,
    new Date(start),
    new Date(start + 61 * minuteMs),
  );
  expect(instants).toEqual([start + minuteMs - 1, start + 60 * minuteMs]);
});
