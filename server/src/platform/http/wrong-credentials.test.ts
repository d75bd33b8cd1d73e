import { expect, test } from 'vitest';
import { Recent } from '../recent.ts';
import { createWrongCredentials, wrongPerMinute } from './wrong-credentials.ts';

test('a network that used up its wrong tries must wait, but not other networks or credentials that were good before', () => {
  let now = 0;
  const clock = { monotonic: () => now };
  const counter = createWrongCredentials(clock);
  const tries = (peer: string, credential: string) => counter.admit(peer, () => credential);
  counter.good('regular');
  for (let n = 0; n < wrongPerMinute; n += 1) {
    tries('2001:db8::1', `guess ${n}`);
    expect(counter.wrong('2001:db8::1')).toBe(true);
  }
  expect(() => tries('2001:db8::1', 'one more')).toThrow(/Wait 60 s/);
  expect(() => tries('2001:db8:0:0:ffff::2', 'from next door')).toThrow(/Wait 60 s/);
  expect(() => tries('2001:db8::1', 'regular')).not.toThrow();
  expect(() => tries('192.0.2.1', 'another network')).not.toThrow();
  expect(counter.wrong('2001:db8::1')).toBe(false);
  now += 61_000;
  expect(() => tries('2001:db8::1', 'one more')).not.toThrow();
});

test('the memory is bounded, and keeps the newest entries', () => {
  const recent = new Recent<number>(1_000);
  for (let n = 0; n < 10_000; n += 1) recent.set(`key ${n}`, n);
  expect([recent.get('key 9999'), recent.get('key 9000'), recent.get('key 7999')]).toEqual([
    9_999,
    9_000,
    undefined,
  ]);
});
