import { expect, it } from 'vitest';
import { newWebhookSecret, signWebhook } from './standard-webhooks.ts';

it.each([
  [
    "the specification's own vector",
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1_614_265_330,
    '{"test": 2432232314}',
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ],
  [
    'a check message',
    'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    'msg_0001',
    1_795_166_100,
    '{"type":"check.down","timestamp":"2026-11-20T09:15:00Z","data":{"id":"chk_01"}}',
    'v1,DCVyV+qsVAztriYH1zyOOEfAJVi34EZ09hpbQZFiLqM=',
  ],
])('signs %s', (_name, secret, id, seconds, body, signature) => {
  expect(signWebhook(secret, id, seconds * 1000 + 999, body)).toEqual({
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signature,
  });
});

it('signs differently when one byte of body, id, time or secret differs', () => {
  const secret = newWebhookSecret();
  const signatures = [
    signWebhook(secret, 'a', 1000, '{}'),
    signWebhook(secret, 'a', 1000, '{} '),
    signWebhook(secret, 'b', 1000, '{}'),
    signWebhook(secret, 'a', 2000, '{}'),
    signWebhook(newWebhookSecret(), 'a', 1000, '{}'),
    signWebhook('a plain text secret', 'a', 1000, '{}'),
  ].map((headers) => headers['webhook-signature']);
  expect(new Set(signatures).size).toBe(signatures.length);
});

it('makes secrets of 32 random bytes that libraries can decode', () => {
  const secret = newWebhookSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  expect(newWebhookSecret()).not.toBe(secret);
});
