import { expect, it } from 'vitest';
import { ExpiringCache } from './expiring-cache.ts';

function cacheWithClock(entriesMax = 10) {
  const time = { now: 0 };
  const cache = new ExpiringCache<string>({ clock: { monotonic: () => time.now }, ttlMs: 5_000, entriesMax });
  return { cache, time };
}

it('reads once within its time, and again after it', async () => {
  const { cache, time } = cacheWithClock();
  let reads = 0;
  const load = async () => `read ${++reads}`;
  expect(await cache.get('a', load)).toBe('read 1');
  time.now = 4_999;
  expect(await cache.get('a', load)).toBe('read 1');
  time.now = 5_000;
  expect(await cache.get('a', load)).toBe('read 2');
});

it('does not cache that something was not found', async () => {
  const { cache } = cacheWithClock();
  expect(await cache.get('a', async () => undefined)).toBeUndefined();
  expect(await cache.get('a', async () => 'now it is')).toBe('now it is');
});

it('does not keep an answer that was being read when it was invalidated', async () => {
  const { cache } = cacheWithClock();
  const slow = Promise.withResolvers<string>();
  const first = cache.get('a', () => slow.promise);
  cache.forget(() => true);
  slow.resolve('old');
  expect(await first).toBe('old');
  expect(await cache.get('a', async () => 'new')).toBe('new');
});

it('stays within its limit by dropping the oldest', async () => {
  const { cache } = cacheWithClock(2);
  for (const key of ['a', 'b', 'c']) await cache.get(key, async () => `${key} first`);
  expect(await cache.get('c', async () => 'again')).toBe('c first');
  expect(await cache.get('a', async () => 'again')).toBe('again');
});
