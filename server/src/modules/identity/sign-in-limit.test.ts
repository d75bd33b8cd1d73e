import { expect, it } from 'vitest';
import { createSignInLimit } from './sign-in-limit.ts';

const limited = expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });

const from = (account: string, peer: string, device?: string) => ({ account, peer, device });

async function takeMany(take: (n: number) => Promise<void>, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await take(n);
}

it('refuses the eleventh try at one account from one place', async () => {
  const limit = createSignInLimit();
  await takeMany(() => limit.take(from('alice@example.com', '203.0.113.1')), 10);
  await expect(limit.take(from('ALICE@example.com', '203.0.113.1'))).rejects.toEqual(limited);
});

it('still lets the same person in from elsewhere', async () => {
  const limit = createSignInLimit();
  await takeMany(() => limit.take(from('alice@example.com', '203.0.113.1')), 10);
  await expect(limit.take(from('alice@example.com', '203.0.113.2'))).resolves.toBeUndefined();
});

it('counts from zero after the right password', async () => {
  const limit = createSignInLimit();
  await takeMany(() => limit.take(from('alice@example.com', '203.0.113.1')), 10);
  await limit.succeeded(from('alice@example.com', '203.0.113.1'));
  await expect(limit.take(from('alice@example.com', '203.0.113.1'))).resolves.toBeUndefined();
});

it('refuses one place that tries many accounts', async () => {
  const limit = createSignInLimit();
  await takeMany((n) => limit.take(from(`user${n}@example.com`, '203.0.113.1')), 100);
  await expect(limit.take(from('alice@example.com', '203.0.113.1'))).rejects.toEqual(limited);
});

it('counts all addresses of an IPv6 /64 as one place', async () => {
  const limit = createSignInLimit();
  await takeMany((n) => limit.take(from('alice@example.com', `2001:db8:1:2::${(n + 1).toString(16)}`)), 10);
  await expect(limit.take(from('alice@example.com', '2001:db8:1:2:ffff::1'))).rejects.toEqual(limited);
  await expect(limit.take(from('alice@example.com', '2001:db8:1:3::1'))).resolves.toBeUndefined();
});

it('refuses many places that try one account', async () => {
  const limit = createSignInLimit();
  await takeMany((n) => limit.take(from('alice@example.com', `10.0.0.${n}`)), 100);
  await expect(limit.take(from('alice@example.com', '10.0.1.1'))).rejects.toEqual(limited);
});

it('keeps separate tries for a known browser, however many tries strangers used', async () => {
  const limit = createSignInLimit();
  await takeMany((n) => limit.take(from(`user${n % 20}@example.com`, '203.0.113.1')), 100);
  await takeMany((n) => limit.take(from('alice@example.com', `10.0.0.${n}`)), 100);
  await expect(limit.take(from('alice@example.com', '203.0.113.1'))).rejects.toEqual(limited);
  const known = from('alice@example.com', '203.0.113.1', 'her laptop');
  await takeMany(() => limit.take(known), 10);
  await expect(limit.take(known)).rejects.toEqual(limited);
});

it('keeps separate tries for a known network of the account, when strangers used up the rest', async () => {
  const limit = createSignInLimit();
  await limit.take(from('alice@example.com', '203.0.113.1'));
  await limit.succeeded(from('alice@example.com', '203.0.113.1'));
  // A stranger behind the same address tries many accounts, and others elsewhere try hers.
  await takeMany((n) => limit.take(from(`user${n}@example.com`, '203.0.113.1')), 100);
  await takeMany((n) => limit.take(from('alice@example.com', `10.0.0.${n}`)), 100);
  await expect(limit.take(from('bob@example.com', '203.0.113.1'))).rejects.toEqual(limited);
  await expect(limit.take(from('alice@example.com', '10.0.1.1'))).rejects.toEqual(limited);
  await expect(limit.take(from('alice@example.com', '203.0.113.1'))).resolves.toBeUndefined();
});
