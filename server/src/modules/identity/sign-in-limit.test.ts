import { expect, it } from 'vitest';
import { createSignInLimit } from './sign-in-limit.ts';

const limited = expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });

async function takeMany(take: (n: number) => Promise<void>, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await take(n);
}

it('refuses the eleventh try at one account from one place', async () => {
  const limit = createSignInLimit();
  await takeMany(() => limit.take('alice@example.com', '203.0.113.1'), 10);
  await expect(limit.take('ALICE@example.com', '203.0.113.1')).rejects.toEqual(limited);
});

it('still lets the same person in from elsewhere', async () => {
  const limit = createSignInLimit();
  await takeMany(() => limit.take('alice@example.com', '203.0.113.1'), 10);
  await expect(limit.take('alice@example.com', '203.0.113.2')).resolves.toBeUndefined();
});

it('starts afresh after the right password', async () => {
  const limit = createSignInLimit();
  await takeMany(() => limit.take('alice@example.com', '203.0.113.1'), 10);
  await limit.succeeded('alice@example.com', '203.0.113.1');
  await expect(limit.take('alice@example.com', '203.0.113.1')).resolves.toBeUndefined();
});

it('refuses one place that tries many accounts', async () => {
  const limit = createSignInLimit();
  await takeMany((n) => limit.take(`user${n}@example.com`, '203.0.113.1'), 100);
  await expect(limit.take('alice@example.com', '203.0.113.1')).rejects.toEqual(limited);
});

it('counts all addresses of an IPv6 /64 as one place', async () => {
  const limit = createSignInLimit();
  await takeMany((n) => limit.take('alice@example.com', `2001:db8:1:2::${(n + 1).toString(16)}`), 10);
  await expect(limit.take('alice@example.com', '2001:db8:1:2:ffff::1')).rejects.toEqual(limited);
  await expect(limit.take('alice@example.com', '2001:db8:1:3::1')).resolves.toBeUndefined();
});

it('refuses many places that try one account', async () => {
  const limit = createSignInLimit();
  await takeMany((n) => limit.take('alice@example.com', `10.0.0.${n}`), 100);
  await expect(limit.take('alice@example.com', '10.0.1.1')).rejects.toEqual(limited);
});
