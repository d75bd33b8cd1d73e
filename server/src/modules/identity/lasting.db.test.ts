import { rolePermissions } from '@watchkeeper/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { testClock } from '../../../../test/support/clock.ts';
import {
  givenMember,
  givenOrganization,
  joinAsNew,
  linkToken,
  type Person,
  password,
} from './people.fixture.ts';

// Nothing outlives the rights of its maker: no invitation, password link, role or address.

const clock = testClock();
let house: TestApp;
let alice: Person;
let counter = 0;
/** A new address for each test. */
let guest: string;

beforeAll(async () => {
  house = await testApp({ clock });
  await givenOrganization(house, 'acme');
  alice = await givenMember(house, 'acme', 'alice', 'owner');
});
afterAll(() => house.close());
beforeEach(() => {
  counter += 1;
  guest = `guest${counter}@example.com`;
});

const members = '/api/v1/orgs/acme/members';
const feed = '/api/v1/acme/maintenance/feed';
const adminScopes = rolePermissions.admin;

async function keyOf(scopes: readonly string[], lives?: number): Promise<{ id: string; key: string }> {
  const ends = lives === undefined ? {} : { expires_at: new Date(clock.now() + lives).toISOString() };
  const made = await house.call('POST', '/api/v1/acme/api-keys', {
    token: alice.token,
    body: { name: 'script', scopes, ...ends },
  });
  expect(made.status).toBe(201);
  return made.body;
}
const invite = (token: string, role = 'viewer') =>
  house.call('POST', members, { token, body: { email: guest, role } });
const change = (token: string, id: string, role: string) =>
  house.call('PUT', `${members}/${id}`, { token, body: { role } });
const renew = (token: string, id: string) => house.call('POST', `${members}/${id}/password-link`, { token });
const open = (url: string) =>
  house.call('POST', '/api/auth/set-password', { token: null, body: { token: linkToken(url), password } });
const look = (url: string) =>
  house.call('POST', '/api/auth/link', { token: null, body: { token: linkToken(url) } });
const remove = (id: string) => house.call('DELETE', `${members}/${id}`, { token: alice.token });
const revoke = (id: string) => house.call('DELETE', `/api/v1/acme/api-keys/${id}`, { token: alice.token });

describe('a key that ends', () => {
  it('makes nothing that would outlive it', async () => {
    const { key } = await keyOf(adminScopes, 3_600_000);
    const viewer = await givenMember(house, 'acme', `viewer${counter}`, 'viewer');
    const refused = [
      await invite(key),
      await renew(key, viewer.id),
      await change(key, viewer.id, 'operator'),
      await house.call('POST', feed, { token: key }),
    ];
    for (const answer of refused) {
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toContain('Your key ends at');
    }
  });

  it('may still remove rights', async () => {
    const { key } = await keyOf(adminScopes, 3_600_000);
    const operator = await givenMember(house, 'acme', `operator${counter}`, 'operator');
    expect((await change(key, operator.id, 'viewer')).status).toBe(200);
    expect((await house.call('DELETE', `${members}/${operator.id}`, { token: key })).status).toBe(204);
  });
});

describe('a key without an end', () => {
  it('makes invitations that end with it', async () => {
    const { id, key } = await keyOf(adminScopes);
    const invited = await invite(key, 'admin');
    expect(invited.status).toBe(201);
    expect((await look(invited.body.invitation.url)).status).toBe(200);
    expect((await revoke(id)).status).toBe(204);
    expect((await look(invited.body.invitation.url)).status).toBe(401);
    expect((await open(invited.body.invitation.url)).status).toBe(401);
    // Another person with the right makes it valid again.
    const again = await renew(alice.token, invited.body.id);
    expect((await open(again.body.url)).status).toBe(200);
  });

  it('makes password links that end with it', async () => {
    const { id, key } = await keyOf(adminScopes);
    const person = await givenMember(house, 'acme', `person${counter}`, 'admin');
    const link = await renew(key, person.id);
    expect(link.status).toBe(201);
    await revoke(id);
    expect((await open(link.body.url)).status).toBe(401);
  });

  it('makes no address that reads more than the key may', async () => {
    const { key } = await keyOf(['alerts:operate']);
    expect((await house.call('POST', feed, { token: key })).status).toBe(403);
    const both = await keyOf(['alerts:operate', 'read']);
    expect((await house.call('POST', feed, { token: both.key })).status).toBe(201);
  });
});

describe('an admin who lost the role', () => {
  it.each([
    ['was removed', (id: string) => remove(id)],
    ['was made a viewer', (id: string) => change(alice.token, id, 'viewer')],
  ])('has no way back in: %s', async (_what, fall) => {
    const adam = await givenMember(house, 'acme', `adam${counter}`, 'admin');
    const invited = await invite(adam.token, 'admin');
    expect((await fall(adam.id)).status).toBeLessThan(300);
    expect((await open(invited.body.invitation.url)).status).toBe(401);
  });

  it('has no part in an invitation whose role somebody else changed since', async () => {
    const adam = await givenMember(house, 'acme', `adam${counter}`, 'admin');
    const invited = await invite(adam.token, 'admin');
    expect((await change(alice.token, invited.body.id, 'operator')).status).toBe(200);
    await remove(adam.id);
    expect(await joinAsNew(house, invited.body)).toBe(invited.body.id);
  });
});
