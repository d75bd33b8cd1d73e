import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, judge, type OrderState, type Placement, placeInTime, type Stamp } from './judge.ts';

const liveDelayMs = 120_000;
const start = Date.UTC(2026, 2, 2, 12);
const blank: OrderState = {
  lastSeenAt: null,
  sentAt: null,
  sequence: null,
  skewMs: null,
  lateSkewMs: null,
  lateSentAt: null,
};

/** Times in seconds after `start`; sent by the device's own clock. */
interface Beat {
  at: number;
  sent?: number;
  seq?: number;
  buffered?: boolean;
}

function run(
  beats: readonly Beat[],
  known: ReadonlySet<number> = new Set(),
): { verdicts: Placement[]; state: OrderState; places: number[] } {
  let state = blank;
  const verdicts: Placement[] = [];
  const places: number[] = [];
  for (const [index, beat] of beats.entries()) {
    const stamp: Stamp = {
      receivedAt: start + beat.at * 1000,
      sentAt: beat.sent === undefined ? null : start + beat.sent * 1000,
      sequence: beat.seq ?? null,
      buffered: beat.buffered ?? false,
    };
    const verdict = judge(state, stamp, known.has(index), liveDelayMs);
    const at = placeInTime(state, stamp, verdict);
    state = advance(state, stamp, verdict, at);
    verdicts.push(verdict);
    places.push((at - start) / 1000);
  }
  return { verdicts, state, places };
}

const verdictsOf = (...beats: Beat[]) => run(beats).verdicts;

test('without time and sequence every arrival is live', () => {
  expect(verdictsOf({ at: 0 }, { at: 0 }, { at: 30 })).toEqual(['live', 'live', 'live']);
});

test('the same sequence soon after, or the same sent_at ever, is a retry', () => {
  expect(verdictsOf({ at: 0, seq: 5 }, { at: 3, seq: 5 })).toEqual(['live', 'duplicate']);
  expect(verdictsOf({ at: 0, seq: 5, sent: 0 }, { at: 3, seq: 5, sent: 3 })).toEqual(['live', 'duplicate']);
  expect(verdictsOf({ at: 0, sent: 0 }, { at: 7200, sent: 0 })).toEqual(['live', 'duplicate']);
});

test('a device that counts from one after each restart is live', () => {
  expect(verdictsOf({ at: 0, seq: 1, sent: 0 }, { at: 60, seq: 1, sent: 60 })).toEqual(['live', 'live']);
  expect(verdictsOf({ at: 0, seq: 900, sent: 0 }, { at: 60, seq: 1, sent: 60 })).toEqual(['live', 'live']);
  expect(verdictsOf({ at: 0, seq: 900 }, { at: 60, seq: 1 }, { at: 90, seq: 2 })).toEqual([
    'live',
    'live',
    'live',
  ]);
});

test('of two heartbeats that arrive in the wrong order, the older one is late', () => {
  expect(verdictsOf({ at: 0, seq: 2 }, { at: 1, seq: 1 })).toEqual(['live', 'late']);
  expect(verdictsOf({ at: 60, sent: 60 }, { at: 61, sent: 30 })).toEqual(['live', 'late']);
  expect(verdictsOf({ at: 60, sent: 60, seq: 3 }, { at: 61, sent: 30, seq: 2 })).toEqual(['live', 'late']);
});

test("a late heartbeat gets its own time on our clock, whatever the device's clock says", () => {
  const years = -9 * 365 * 86_400;
  const { verdicts, places } = run([
    { at: 0, sent: years },
    { at: 60, sent: years + 60 },
    { at: 61, sent: years + 30 },
  ]);
  expect(verdicts).toEqual(['live', 'live', 'late']);
  expect(places).toEqual([0, 60, 30]);
});

test('a heartbeat that is in history already is a duplicate, also when newer ones came since', () => {
  const beats = [
    { at: 0, sent: 0 },
    { at: 30, sent: 30 },
    { at: 31, sent: 0 },
  ];
  expect(run(beats, new Set([2])).verdicts).toEqual(['live', 'live', 'duplicate']);
});

test('a rising sequence proves that the clock was set and that the heartbeat is not late', () => {
  expect(verdictsOf({ at: 0, seq: 1, sent: 0 }, { at: 30, seq: 2, sent: -3570 })).toEqual(['live', 'live']);
});

test('a clock set back costs one heartbeat at most, at any pace', () => {
  for (const pace of [1, 5, 30, 100]) {
    const back = Array.from({ length: 5 }, (_, index) => ({
      at: (index + 1) * pace,
      sent: (index + 1) * pace - 7200,
    }));
    expect(verdictsOf({ at: 0, sent: 0 }, ...back)).toEqual(['live', 'late', 'live', 'live', 'live', 'live']);
  }
});

test('a clock set back by years is recognized as set at once', () => {
  expect(verdictsOf({ at: 0, sent: 0 }, { at: 30, sent: -50 * 365 * 86_400 })).toEqual(['live', 'live']);
});

test('a clock set forward is live', () => {
  expect(verdictsOf({ at: 0, sent: -9e8 }, { at: 30, sent: 30 }, { at: 60, sent: 60 })).toEqual([
    'live',
    'live',
    'live',
  ]);
});

test('a backlog stays late, item by item, in whatever bursts it is sent', () => {
  for (const spacing of [0.5, 1, 1.5, 2, 10, 30]) {
    const backlog = Array.from({ length: 20 }, (_, index) => ({
      at: 4000,
      sent: 100 + index * spacing,
      buffered: true,
    }));
    expect(
      verdictsOf({ at: 0, sent: 0 }, ...backlog)
        .slice(1)
        .every((verdict) => verdict === 'late'),
    ).toBe(true);
  }
});

test('out-of-order heartbeats sent one after the other, with delays equal within a second, are all late', () => {
  expect(verdictsOf({ at: 0, sent: 0 }, { at: 0.01, sent: -59.99 }, { at: 0.02, sent: -59.98 })).toEqual([
    'live',
    'late',
    'late',
  ]);
});

test('a heartbeat buffered for less than the limit is live, at the time it was due', () => {
  const { verdicts, places, state } = run([
    { at: 0, sent: 0 },
    { at: 130, sent: 60, buffered: true },
  ]);
  expect(verdicts).toEqual(['live', 'live']);
  expect(places[1]).toBe(60);
  expect(state.lastSeenAt).toBe(start + 60_000);
  expect(state.skewMs).toBe(0);
});

test('a first contact through a buffer is judged by our clock unless the device clock is clearly wrong', () => {
  expect(verdictsOf({ at: 0, sent: -3600, buffered: true })).toEqual(['late']);
  expect(verdictsOf({ at: 0, sent: -10, buffered: true })).toEqual(['live']);
  expect(verdictsOf({ at: 0, sent: -9e8, buffered: true })).toEqual(['live']);
});

test('a steady device is always live, with any skew, pace and jitter', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -3e9, max: 3e9 }),
      fc.integer({ min: 1, max: 600 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 30 }),
      fc.boolean(),
      (skew, pace, jitters, counts) => {
        const beats = jitters.map((jitter, index) => ({
          at: index * pace + jitter / 1000,
          sent: index * pace + skew,
          ...(counts ? { seq: index } : {}),
        }));
        expect(new Set(run(beats).verdicts)).toEqual(new Set(['live']));
      },
    ),
  );
});

test('whatever arrives, last_seen_at never goes back and nothing is placed after its receipt', () => {
  const beat = fc.record(
    {
      at: fc.integer({ min: 0, max: 5000 }),
      sent: fc.integer({ min: -10_000, max: 10_000 }),
      seq: fc.integer({ min: 0, max: 40 }),
      buffered: fc.boolean(),
    },
    { requiredKeys: ['at'] },
  );
  fc.assert(
    fc.property(fc.array(beat, { maxLength: 30 }), (beats) => {
      const sorted = beats.toSorted((one, other) => one.at - other.at);
      let seen = 0;
      for (let length = 1; length <= sorted.length; length += 1) {
        const { state, places } = run(sorted.slice(0, length));
        expect(state.lastSeenAt ?? 0).toBeGreaterThanOrEqual(seen);
        seen = state.lastSeenAt ?? 0;
        expect(places.at(-1)).toBeLessThanOrEqual(sorted[length - 1]?.at ?? 0);
      }
    }),
  );
});
