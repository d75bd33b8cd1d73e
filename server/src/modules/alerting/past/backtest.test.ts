import { expect, test } from 'vitest';
import type { Verdict } from '../judgement.ts';
import { replayTrack, sentenceOf } from './backtest.ts';

const start = Date.parse('2026-03-02T12:00:00Z');
const subject = { kind: 'site', id: 's1', name: 'Dartmouth' } as const;

function track(...points: [number, Verdict | ((pendingSince: Date | null) => Verdict)][]) {
  const reading = { value: null, limit: null, beside: null, samples: null };
  return {
    subject,
    open: null,
    points: points.map(([seconds, verdict]) => ({
      at: new Date(start + seconds * 1000),
      judge: (pendingSince: Date | null) => ({
        verdict: typeof verdict === 'function' ? verdict(pendingSince) : verdict,
        value: null,
        why: `at ${seconds}`,
        details: {},
        reading,
      }),
    })),
  };
}

test('passes on each reading that it judges', () => {
  const readings: [number, number | null][] = [];
  const { points } = track([10, 'ok'], [20, 'firing']);
  const valued = points.map(({ at, judge }, index) => ({
    at,
    judge(since: Date | null) {
      const judged = judge(since);
      return { ...judged, reading: { ...judged.reading, value: index === 0 ? 7 : null } };
    },
  }));
  replayTrack({ subject, open: null, points: valued }, { cooldownSeconds: 0 }, (at, { value }) =>
    readings.push([(at.getTime() - start) / 1000, value]),
  );
  expect(readings).toEqual([
    [10, 7],
    [20, null],
  ]);
});

const spans = (points: ReturnType<typeof track>, cooldownSeconds = 0) =>
  replayTrack(points, { cooldownSeconds }).map((firing) => [
    (firing.at.getTime() - start) / 1000,
    firing.resolvedAt === null ? null : (firing.resolvedAt.getTime() - start) / 1000,
  ]);

test('each episode fires once and ends when the condition is over', () => {
  expect(spans(track([0, 'ok'], [10, 'firing'], [20, 'firing'], [30, 'ok'], [40, 'firing']))).toEqual([
    [10, 30],
    [40, null],
  ]);
});

test('missing data ends nothing', () => {
  expect(spans(track([10, 'firing'], [20, 'unknown'], [30, 'firing']))).toEqual([[10, null]]);
});

test('nothing fires again within the cooldown; a condition that still holds afterwards does', () => {
  const flapping = track(
    [10, 'firing'],
    [20, 'ok'],
    [30, 'firing'],
    [79, 'firing'],
    [80, 'firing'],
    [90, 'ok'],
  );
  expect(spans(flapping, 60)).toEqual([
    [10, 20],
    [80, 90],
  ]);
});

test('a condition with a duration counts from its first moment and is forgotten at the first normal value', () => {
  const heldFor = (seconds: number, at: number) => (since: Date | null) =>
    since !== null && start + at * 1000 - since.getTime() >= seconds * 1000 ? 'firing' : 'pending';
  expect(
    spans(
      track(
        [0, heldFor(60, 0)],
        [30, 'ok'],
        [40, heldFor(60, 40)],
        [70, heldFor(60, 70)],
        [100, heldFor(60, 100)],
      ),
    ),
  ).toEqual([[100, null]]);
});

test.each([
  [0, 7, 'would not have fired in the last 7 days'],
  [1, 1, 'would have fired once in the last day'],
  [4, 7, 'would have fired 4 times in the last 7 days'],
])('%d firings in %d days: %s', (count, days, sentence) => {
  expect(sentenceOf(count, days)).toBe(sentence);
});
