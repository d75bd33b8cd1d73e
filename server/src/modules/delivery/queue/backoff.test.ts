import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retriesMax, retryDelaySeconds } from './backoff.ts';

const delays = (workerMaxRetries: number) => {
  const all: number[] = [];
  for (let attempt = 1; attempt <= 200; attempt += 1) {
    const seconds = retryDelaySeconds('m1', attempt, { workerMaxRetries });
    if (seconds === undefined) break;
    all.push(seconds);
  }
  return all;
};

it('tries again quickly at first, then over more than half a day', () => {
  const all = delays(3);
  expect(all[0]).toBeLessThan(10);
  expect(all.toSorted((a, b) => a - b).slice(0, 7)).toEqual(all.slice(0, 7));
  expect(all.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThan(12 * 3600);
});

it('never tries fewer times than WORKER_MAX_RETRIES asks for', () => {
  expect(delays(0)).toHaveLength(retriesMax(0));
  expect(delays(25)).toHaveLength(25);
});

it('waits at least as long as the receiver asks', () => {
  expect(retryDelaySeconds('m1', 1, { workerMaxRetries: 3, retryAfterSeconds: 900 })).toBe(900);
});

it('gives messages different times, and each message always the same', () => {
  const first = (id: string) => retryDelaySeconds(id, 4, { workerMaxRetries: 3 }) ?? 0;
  expect(first('m1')).toBe(first('m1'));
  const spread = new Set(Array.from({ length: 50 }, (_, n) => Math.round(first(`m${n}`))));
  expect(spread.size).toBeGreaterThan(20);
});

it('adds jitter only upwards, by a fifth at most', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const seconds = retryDelaySeconds(id, 5, { workerMaxRetries: 3 }) ?? 0;
      expect(seconds).toBeGreaterThanOrEqual(1_800);
      expect(seconds).toBeLessThan(1_800 * 1.2);
    }),
  );
});
