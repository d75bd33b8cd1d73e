import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { testClock } from '../../../../../test/support/clock.ts';
import {
  cookiesOf,
  givenMember,
  givenOrganization,
  joinAsNew,
  lastAudit,
  linkToken,
  type Person,
  password,
} from '../people.fixture.ts';

const clock = testClock();
let house: TestApp;
let alice: Person;
let admin: Person;
let operator: Person;
let mallory: Person;

beforeAll(async () => {
  house = await testApp({ clock });
  await givenOrganization(house, 'acme');
  await givenOrganization(house, 'other');
  alice = await givenMember(house, 'acme', 'alice', 'owner');
  admin = await givenMember(house, 'acme', 'adam', 'admin');
  operator = await givenMember(house, 'acme', 'olga', 'operator');
  mallory = await givenMember(house, 'other', 'mallory', 'owner');
});
afterAll(() => house.close());

const members = '/api/v1/orgs/acme/members';
const add = (body: object, token: string | null = alice.token) =>
  house.call('POST', members, { token, body });
const setPassword = (url: string, chosen = password) =>
  house.call('POST', '/api/auth/set-password', {
    token: null,
    body: { token: linkToken(url), password: chosen },
  });

describe('inviting a member', () => {
  it('gives a new person a link that makes their account once, with a password that they choose', async () => {
    const added = await add({ email: 'New@Acme.example', role: 'operator' });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      email: 'new@acme.example',
      name: 'new',
      role: 'operator',
      status: 'invited',
    });
    const { url } = added.body.set_password;
    expect(url).toMatch(/^http:\/\/localhost:0\/set-password\?token=[\w-]{43}$/);

    const chosen = await setPassword(url);
    expect(chosen.status).toBe(200);
    const me = await house.call('GET', '/api/me', { token: null, headers: { cookie: cookiesOf(chosen) } });
    expect(me.body.user).toMatchObject({ id: added.body.id, email: 'new@acme.example' });
    expect(me.body.organizations).toMatchObject([{ slug: 'acme', role: 'operator' }]);
    expect((await setPassword(url)).status).toBe(401);
  });

  it('never sets a password for somebody', async () => {
    const answer = await add({ email: 'victim@acme.example', role: 'viewer', password });
    expect([answer.status, answer.body.code, answer.body.errors[0].field]).toEqual([
      400,
      'unknown_field',
      'password',
    ]);
  });

  it('records who was invited by whom, without the link, and who joined', async () => {
    const added = await add({ email: 'recorded@acme.example', role: 'viewer', name: 'Rec' });
    const record = await lastAudit(house, 'acme', 'member.invited');
    expect(record).toMatchObject({
      actor: { kind: 'user', id: alice.id },
      target: { kind: 'member', id: added.body.id, name: 'recorded@acme.example' },
      after: { email: 'recorded@acme.example', name: 'Rec', role: 'viewer' },
    });
    expect(JSON.stringify(record)).not.toContain('token');
    const id = await joinAsNew(house, added.body);
    expect(await lastAudit(house, 'acme', 'member.added')).toMatchObject({
      actor: { kind: 'user', id },
      after: { email: 'recorded@acme.example', role: 'viewer', invited_by: 'alice' },
    });
  });

  it('makes an invitation that ends after a week and allows another one', async () => {
    const body = { email: 'late@acme.example', role: 'viewer' };
    const added = await add(body);
    expect([(await add(body)).status]).toEqual([409]);
    clock.advance(7 * 24 * 3600 + 1);
    expect((await setPassword(added.body.set_password.url)).status).toBe(401);
    const again = await house.call('POST', members, { body });
    clock.advance(-7 * 24 * 3600 - 1);
    expect(again.status).toBe(201);
  });

  it('makes an invitation that can be changed and withdrawn until it is answered', async () => {
    const added = await add({ email: 'maybe@acme.example', role: 'viewer' });
    const one = `${members}/${added.body.id}`;
    const changed = await house.call('PUT', one, { token: alice.token, body: { role: 'operator' } });
    expect([changed.status, changed.body.role, changed.body.status]).toEqual([200, 'operator', 'invited']);
    const listed = await house.call('GET', `${members}?limit=500`, { token: operator.token });
    expect(listed.body.data).toContainEqual(changed.body);
    expect((await house.call('DELETE', one, { token: alice.token })).status).toBe(204);
    expect((await setPassword(added.body.invitation.url)).status).toBe(401);
    expect((await house.call('DELETE', one, { token: alice.token })).status).toBe(404);
  });

  it('does not add anybody twice', async () => {
    const answer = await add({ email: operator.email, role: 'viewer' });
    expect([answer.status, answer.body.code]).toEqual([409, 'already_exists']);
  });

  it('makes one account when two invitations of one person are opened at once', async () => {
    const body = { email: 'twice@acme.example', role: 'viewer' };
    const [ours, theirs] = await Promise.all([
      add(body),
      house.call('POST', '/api/v1/orgs/other/members', { token: mallory.token, body }),
    ]);
    const answers = await Promise.all(
      [ours, theirs].map((invited) => setPassword(invited.body.invitation.url)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it.each([
    ['no address', { email: 'not an address', role: 'viewer' }],
    ['a role that does not exist', { email: 'x@acme.example', role: 'god' }],
    ['an unknown field', { email: 'x@acme.example', role: 'viewer', provider_role: 'provider' }],
  ])('names the mistake when there is %s', async (_case, body) => {
    expect((await add(body)).status).toBe(400);
  });

  it('is not allowed to operators, strangers or other tenants', async () => {
    const body = { email: 'x@acme.example', role: 'viewer' };
    expect((await add(body, operator.token)).status).toBe(403);
    expect((await add(body, null)).status).toBe(401);
    expect((await add(body, mallory.token)).status).toBe(404);
  });

  it('lets an admin make admins but no owners', async () => {
    expect((await add({ email: 'second@acme.example', role: 'admin' }, admin.token)).status).toBe(201);
    const owner = await add({ email: 'third@acme.example', role: 'owner' }, admin.token);
    expect(owner.status).toBe(403);
    expect(owner.body.detail).toContain('organization:write');
  });

  it('lets a key grant no more than it has', async () => {
    const key = await house.call('POST', '/api/v1/acme/api-keys', {
      token: alice.token,
      body: { name: 'inviter', scopes: ['read', 'members:write'] },
    });
    expect((await add({ email: 'k1@acme.example', role: 'viewer' }, key.body.key)).status).toBe(201);
    expect((await add({ email: 'k2@acme.example', role: 'operator' }, key.body.key)).status).toBe(403);
  });
});

describe('listing members', () => {
  it('shows only the members of this organization', async () => {
    const page = await house.call('GET', `${members}?limit=500`, { token: operator.token });
    expect(page.status).toBe(200);
    const emails = page.body.data.map((member: Person) => member.email);
    expect(emails).toEqual(expect.arrayContaining([alice.email, admin.email, operator.email]));
    expect(emails).not.toContain(mallory.email);
    expect(JSON.stringify(page.body)).not.toContain('password');
  });

  it('is read page by page', async () => {
    const first = await house.call('GET', `${members}?limit=2`, { token: operator.token });
    const second = await house.call('GET', `${members}?limit=2&cursor=${first.body.next_cursor}`, {
      token: operator.token,
    });
    expect(second.body.data[0].email > first.body.data[1].email).toBe(true);
  });

  it.each([
    [400, () => operator.token, '?limit=0'],
    [401, () => null, ''],
    [404, () => mallory.token, ''],
  ])('answers %i to a bad or forbidden query', async (status, token, query) => {
    expect((await house.call('GET', `${members}${query}`, { token: token() })).status).toBe(status);
  });

  it('needs the permission to read', async () => {
    const key = await house.call('POST', '/api/v1/acme/api-keys', {
      token: alice.token,
      body: { name: 'w', scopes: ['telemetry:write'] },
    });
    expect((await house.call('GET', members, { token: key.body.key })).status).toBe(403);
  });
});

describe('changing a role', () => {
  const change = (id: string, role: string, token: string | null = alice.token) =>
    house.call('PUT', `${members}/${id}`, { token, body: { role } });

  it('takes effect at once and is in the audit', async () => {
    const changed = await change(operator.id, 'admin');
    expect([changed.status, changed.body.role]).toEqual([200, 'admin']);
    expect((await house.call('GET', '/api/v1/acme/audit', { token: operator.token })).status).toBe(200);
    expect(await lastAudit(house, 'acme', 'member.role_changed')).toMatchObject({
      target: { id: operator.id },
      before: { role: 'operator' },
      after: { role: 'admin' },
    });
    expect((await change(operator.id, 'operator')).status).toBe(200);
    expect((await house.call('GET', '/api/v1/acme/audit', { token: operator.token })).status).toBe(403);
  });

  it('never leaves an organization without an owner', async () => {
    const answer = await change(alice.id, 'admin');
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
  });

  it('never lets two owners who demote each other at once both succeed', async () => {
    const second = await givenMember(house, 'acme', 'anna', 'owner');
    const answers = await Promise.all([
      change(alice.id, 'viewer', second.token),
      change(second.id, 'viewer', alice.token),
    ]);
    expect(answers.map((answer) => answer.status).sort()).not.toEqual([200, 200]);
    const owners = (await house.call('GET', `${members}?limit=500`)).body.data.filter(
      (member: { role: string }) => member.role === 'owner',
    );
    expect(owners).toHaveLength(1);
    await change(alice.id, 'owner', undefined);
    await house.call('PUT', `${members}/${alice.id}`, { body: { role: 'owner' } });
    await house.call('PUT', `${members}/${second.id}`, { body: { role: 'viewer' } });
  });

  it.each([
    [400, () => alice.token, () => operator.id, 'god'],
    [400, () => alice.token, () => 'not-an-id', 'viewer'],
    [401, () => null, () => operator.id, 'viewer'],
    [403, () => operator.token, () => operator.id, 'viewer'],
    [403, () => admin.token, () => alice.id, 'viewer'],
    [403, () => admin.token, () => operator.id, 'owner'],
    [404, () => mallory.token, () => operator.id, 'viewer'],
    [404, () => alice.token, () => mallory.id, 'viewer'],
  ])('answers %i to a change that is not allowed', async (status, token, id, role) => {
    expect((await change(id(), role, token())).status).toBe(status);
  });
});

describe('removing a member', () => {
  const remove = (id: string, token: string | null = alice.token) =>
    house.call('DELETE', `${members}/${id}`, { token });

  it('ends their access and is in the audit', async () => {
    const gone = await givenMember(house, 'acme', 'gone', 'viewer');
    expect((await remove(gone.id)).status).toBe(204);
    expect((await house.call('GET', '/api/v1/orgs/acme', { token: gone.token })).status).toBe(404);
    expect(await lastAudit(house, 'acme', 'member.removed')).toMatchObject({
      target: { id: gone.id, name: gone.email },
      before: { email: gone.email, role: 'viewer' },
      after: null,
    });
    expect((await remove(gone.id)).status).toBe(404);
  });

  it.each([
    [400, () => alice.token, () => 'not-an-id'],
    [401, () => null, () => operator.id],
    [403, () => operator.token, () => operator.id],
    [403, () => admin.token, () => alice.id],
    [404, () => mallory.token, () => operator.id],
    [409, () => alice.token, () => alice.id],
  ])('answers %i to a removal that is not allowed', async (status, token, id) => {
    expect((await remove(id(), token())).status).toBe(status);
  });
});

describe('a new password link', () => {
  const renew = (id: string, token: string | null = alice.token) =>
    house.call('POST', `${members}/${id}/password-link`, { token });

  it('replaces the earlier one, ends all sessions and is in the audit without its token', async () => {
    const added = await add({ email: 'forgetful@acme.example', role: 'viewer' });
    const invitedAgain = await renew(added.body.id, admin.token);
    expect(invitedAgain.status).toBe(201);
    expect((await setPassword(added.body.set_password.url)).status).toBe(401);
    const joined = await setPassword(invitedAgain.body.url);
    expect(joined.status).toBe(200);
    const links = [await renew(added.body.id, admin.token), await renew(added.body.id, admin.token)];
    expect((await setPassword(links[0]?.body.url)).status).toBe(401);
    expect((await setPassword(links[1]?.body.url)).status).toBe(200);
    const cookie = cookiesOf(joined);
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie } })).status).toBe(401);
    const record = await lastAudit(house, 'acme', 'member.password_link_issued');
    expect(record).toMatchObject({
      actor: { id: admin.id },
      target: { name: 'forgetful@acme.example' },
      after: null,
    });
  });

  it.each([
    [401, () => null, () => operator.id],
    [403, () => operator.token, () => operator.id],
    [403, () => admin.token, () => alice.id],
    [404, () => mallory.token, () => operator.id],
    [404, () => alice.token, () => mallory.id],
  ])('answers %i to a caller without the right', async (status, token, id) => {
    expect((await renew(id(), token())).status).toBe(status);
  });
});

it.each([
  ['short 1', 'at least 12 characters'],
  ['no number in this one', 'a number'],
  ['nothingspecial4567', 'a special character, such as a space, a dot or a hyphen'],
  ['short', 'at least 12 characters, a number and a special character, such as a space, a dot or a hyphen'],
])('says what the password "%s" needs', async (chosen, missing) => {
  const answer = await setPassword('http://x/?token=x', chosen);
  expect([answer.status, answer.body.errors]).toEqual([
    400,
    [{ field: 'password', message: `needs ${missing}` }],
  ]);
});
