import { describe, expect, test } from 'vitest';
import type { Moment } from '../judgement.ts';
import { curvePoints, evaluateAbsence, silencePoints } from './absence.ts';

const now = new Date('2026-03-02T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

function moment(
  over: { watchingFor?: number; intakeUp?: boolean; pausedReason?: string | null } = {},
): Moment {
  return {
    now,
    watch: { watchingSince: ago(over.watchingFor ?? 86_400), intakeUp: over.intakeUp ?? true },
    limits: { offlineSeconds: 120, thresholds: {} },
    pausedReason: over.pausedReason ?? null,
  };
}

describe('silence against a limit of 120 s', () => {
  test.each([
    ['just heard', 0, {}, 'ok'],
    ['exactly at the limit', 120, {}, 'ok'],
    ['a millisecond past the limit', 120.001, {}, 'firing'],
    ['long past the limit', 86_000, {}, 'firing'],
    ['our watch began a minute ago', 600, { watchingFor: 60 }, 'unknown'],
    ['our watch is exactly one limit old', 600, { watchingFor: 120 }, 'unknown'],
    ['our watch is older than the limit', 600, { watchingFor: 121 }, 'firing'],
    ['no process receives heartbeats', 600, { intakeUp: false }, 'unknown'],
    ['a heartbeat came although intake looks dead', 5, { intakeUp: false }, 'ok'],
    ['judging is paused', 600, { pausedReason: 'the fault may be ours.' }, 'unknown'],
    ['judging is paused but the device is there', 60, { pausedReason: 'the fault may be ours.' }, 'ok'],
    ['a heartbeat from a moment after the tick began', -0.2, {}, 'ok'],
  ] as const)('%s', (_case, silent, over, verdict) => {
    expect(evaluateAbsence({ limit_seconds: 120 }, { lastSeenAt: ago(silent) }, moment(over)).verdict).toBe(
      verdict,
    );
  });

  test('an open limit follows the environment', () => {
    const judgement = evaluateAbsence({ limit_seconds: null }, { lastSeenAt: ago(130) }, moment());
    expect(judgement).toMatchObject({ verdict: 'firing', value: 130 });
  });

  test('gives the reason in words and numbers', () => {
    const judgement = evaluateAbsence({ limit_seconds: 120 }, { lastSeenAt: ago(125) }, moment());
    expect(judgement.why).toBe(
      'No heartbeat for 2 min 5 s; the limit is 2 min. Last heard 2026-03-02 11:57:55 UTC.',
    );
    expect(judgement.details).toEqual({
      silent_seconds: 125,
      limit_seconds: 120,
      last_seen_at: '2026-03-02T11:57:55.000Z',
    });
  });
});

describe('replaying a past', () => {
  const from = new Date('2026-03-01T00:00:00Z');
  const to = new Date('2026-03-01T02:00:00Z');
  const at = (seconds: number) => new Date(from.getTime() + seconds * 1000);
  const replay = (beats: number[], gaps: [number, number][] = []) => {
    const spans = gaps.map(([start, end]) => ({ from: at(start), to: at(end) }));
    return silencePoints(beats.map(at), 120, { from, to, gaps: spans }).map((point) => {
      const judged = evaluateAbsence({ limit_seconds: 120 }, point.data, {
        ...moment(),
        now: point.at,
        watch: point.watch,
      });
      return [(point.at.getTime() - from.getTime()) / 1000, judged.verdict];
    });
  };

  test('a silence fires one limit after the last heartbeat and ends with the next one', () => {
    expect(replay([0, 60, 600, 7190])).toEqual([
      [180.001, 'firing'],
      [600, 'ok'],
      [720.001, 'firing'],
      [7190, 'ok'],
    ]);
  });

  test('steady heartbeats give nothing to judge', () => {
    expect(replay(Array.from({ length: 121 }, (_, index) => index * 60))).toEqual([]);
  });

  test('silence inside a gap of our own watch counts from the end of the gap', () => {
    expect(replay([0, 6000, 7190], [[30, 5000]])).toEqual([
      [5120.001, 'firing'],
      [6000, 'ok'],
      [6120.001, 'firing'],
      [7190, 'ok'],
    ]);
  });

  test('a device that came back within one limit of our own return never fires', () => {
    expect(replay([0, 5100, 5160], [[30, 5000]]).filter(([, verdict]) => verdict === 'firing')).toEqual([
      [5280.001, 'firing'],
    ]);
  });
});

describe('the curve of silence', () => {
  const from = new Date('2026-03-01T00:00:00Z');
  const at = (seconds: number) => new Date(from.getTime() + seconds * 1000);
  const curve = (beats: number[], gaps: [number, number][] = []) =>
    curvePoints(beats.map(at), {
      from,
      edges: [at(600), at(1200), at(1800)],
      gaps: gaps.map(([start, end]) => ({ from: at(start), to: at(end) })),
    }).map((point) => [
      (point.at.getTime() - from.getTime()) / 1000,
      (point.at.getTime() - point.data.lastSeenAt.getTime()) / 1000,
    ]);

  test('shows for each step the longest silence that ended in it, and the silence at its end', () => {
    expect(curve([0, 60, 200, 590, 1100])).toEqual([
      [589.999, 389.999],
      [600, 10],
      [1099.999, 509.999],
      [1200, 100],
      [1800, 700],
    ]);
  });

  test('shows nothing for the time in which we did not watch', () => {
    expect(curve([0, 1300], [[500, 1250]])).toEqual([
      [1299.999, 1299.999],
      [1800, 500],
    ]);
  });

  test('begins with the first heartbeat', () => {
    expect(curve([700])).toEqual([
      [1200, 500],
      [1800, 1100],
    ]);
    expect(curve([])).toEqual([]);
  });
});
