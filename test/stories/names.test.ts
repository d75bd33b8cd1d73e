import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';

let house: TestApp;
beforeAll(async () => {
  house = await testApp();
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
});
afterAll(() => house.close());

const api = '/api/v1/default';
/** Everything that has a name, with the other fields that it requires. */
const named: readonly (readonly [
  what: string,
  method: 'POST' | 'PUT' | 'PATCH',
  path: string,
  body: object,
])[] = [
  ['an organization', 'POST', '/api/v1/orgs', { slug: 'other' }],
  ['a site', 'POST', `${api}/sites`, { slug: 'south', timezone: 'UTC' }],
  ['an area', 'POST', `${api}/sites/north/areas`, { slug: 'bay' }],
  ['a device type', 'POST', `${api}/device-types`, { slug: 'kiosk' }],
  ['a device', 'POST', `${api}/devices`, { slug: 'bay-1', site: 'north' }],
  ['a check', 'POST', `${api}/checks`, { slug: 'c', kind: 'tcp', config: { host: 'x.test', port: 80 } }],
  [
    'a rule',
    'POST',
    `${api}/rules`,
    { type: 't', kind: 'absence', config: { limit_seconds: 60 }, severity: 'high' },
  ],
  ['a channel', 'POST', `${api}/channels`, { kind: 'console', config: {} }],
  ['a member', 'POST', '/api/v1/orgs/default/members', { email: 'a@x.test', role: 'viewer' }],
  ['an API key', 'POST', `${api}/api-keys`, { scopes: ['alerts:read'] }],
];

const refused = [
  ['a forged line', 'Bay 1\u2028Why: all is well'],
  ['a header', 'Bay 1\r\nBcc: everyone@x.test'],
  ['no visible character', '\u200B\u3164'],
  ['a change of direction', 'Bay \u202E1'],
] as const;

test.each(named)(
  'the name of %s must be visible, without line breaks, control characters or changes of direction',
  async (_what, method, path, body) => {
    for (const [how, name] of refused) {
      const answer = await house.call(method, path, { body: { ...body, name } });
      expect(answer.status, `${how}: ${JSON.stringify(answer.body)}`).toBe(400);
      expect(answer.body.errors, how).toContainEqual({
        field: 'name',
        message: expect.stringContaining('must have a visible character'),
      });
    }
  },
);
