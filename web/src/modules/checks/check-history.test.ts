import type { CheckResult } from '@watchkeeper/contracts/checks';
import { describe, expect, test } from 'vitest';
import { medianOf, passedShare, phasesIn, stretchesOf, timedRuns } from './check-history';

const none = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: null };
const start = Date.parse('2026-11-21T12:00:00Z');

function run(minute: number, outcome: CheckResult['outcome'], timings: Partial<CheckResult['timings']> = {}) {
  const at = new Date(start + minute * 60_000).toISOString();
  return {
    ...{ at, outcome, status: 'up' as const, reason: '', attempts: 1, details: {} },
    timings: { ...none, ...timings },
  };
}

describe('the history of a check', () => {
  test('is counted in intervals from its oldest run to now, every run once', () => {
    const outcomes = new Map<number, CheckResult['outcome']>([
      [59, 'unable'],
      [30, 'failed'],
    ]);
    const minutes = Array.from({ length: 120 }, (_, index) => 59.5 - index / 2);
    const results = minutes.map((minute) => run(minute, outcomes.get(minute) ?? 'ok'));
    const stretches = stretchesOf(results, start + 60 * 60_000);
    expect(stretches).toHaveLength(60);
    expect(stretches[0]).toMatchObject({ from: start, ok: 2 });
    expect(stretches[30]).toMatchObject({ failed: 1, ok: 1 });
    expect(stretches[59]).toMatchObject({ unable: 1, ok: 1 });
    expect(stretches.reduce((sum, each) => sum + each.ok + each.failed + each.unable, 0)).toBe(120);
    expect(stretchesOf([], start)).toEqual([]);
    expect(stretchesOf([run(0, 'ok')], start)).toMatchObject([{ ok: 1 }]);
  });

  test('has the share of good runs among those that could look; where none could, it has no share', () => {
    expect(passedShare([run(0, 'ok'), run(1, 'failed'), run(2, 'unable')])).toBe(0.5);
    expect(passedShare([run(2, 'unable')])).toBeUndefined();
  });

  test('is cut into phases that add up to the total, oldest first', () => {
    const full = { dns_ms: 2, connect_ms: 3, tls_ms: 10, first_byte_ms: 40, total_ms: 55 };
    const runs = timedRuns([
      run(1, 'ok', full),
      run(0, 'failed', { connect_ms: 4, total_ms: 9 }),
      run(2, 'unable'),
    ]);
    expect(runs.map((each) => each.parts)).toEqual([
      { dns: null, connect: 4, tls: null, wait: null, rest: 5 },
      { dns: 2, connect: 3, tls: 10, wait: 25, rest: 15 },
    ]);
    expect(phasesIn(runs)).toEqual(['dns', 'connect', 'tls', 'wait', 'rest']);
    expect(phasesIn(runs.slice(0, 1))).toEqual(['connect', 'rest']);
    expect(medianOf(runs.map((each) => each.total))).toBe(55);
  });
});
