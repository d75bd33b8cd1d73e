import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redact, redacted } from './redact.ts';

it.each([
  ['password', 'hunter22'],
  ['newPassword', 'hunter22'],
  ['token', 'abc'],
  ['client_secret', 'abc'],
  ['webhook_url', 'https://hooks.slack.com/services/T/B/x'],
  ['apiKey', 'abc'],
  ['hash', Buffer.from('abc')],
  ['credentials', { user: 'a' }],
])('keeps no value of a field called %s', (name, value) => {
  expect(redact({ [name]: value })).toEqual({ [name]: redacted });
});

it('leaves values that are not secret unchanged', () => {
  const value = {
    name: 'Bay 1',
    has_password: true,
    key_count: 3,
    token: null,
    scopes: ['read', 'keys:write'],
    config: { to: ['ops@example.com'], url: 'https://example.com/x' },
  };
  expect(redact(value)).toEqual(value);
});

it('finds our own credentials inside any text', () => {
  expect(redact('used wk_abcdefgh1234 and wkd_abcdefgh1234')).toBe(`used ${redacted} and ${redacted}`);
});

it('removes the user from a URL', () => {
  expect(redact({ url: 'https://user:pw@example.com/x' })).toEqual({
    url: `https://${redacted}@example.com/x`,
  });
});

it('stores times as text and drops undefined values', () => {
  expect(redact({ at: new Date(0), gone: undefined })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
});

it('removes a secret at any depth', () => {
  const secret = 'S3cr3tS3cr3tS3cr3t';
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.record({ password: fc.constant(secret), more: tie('node') }),
      fc.array(tie('node'), { maxLength: 3 }),
    ),
  })).node;
  fc.assert(fc.property(value, (sample) => !JSON.stringify(redact({ sample })).includes(secret)));
});
