import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapKey, type TestApp, testApp } from '../../../../../test/support/app.ts';
import { testClock } from '../../../../../test/support/clock.ts';
import { givenMember, givenOrganization, lastAudit, type Person } from '../people.fixture.ts';

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

const keys = '/api/v1/acme/api-keys';
const create = (body: object, token: string | null = alice.token) =>
  house.call('POST', keys, { token, body });

describe('creating a key', () => {
  it('shows it once and keeps only its hash', async () => {
    const created = await create({ name: 'exporter', scopes: ['read'] });
    expect(created.status).toBe(201);
    expect(created.body.key).toMatch(/^wk_[\w-]{43}$/);
    expect(created.body.prefix).toBe(created.body.key.slice(0, 11));
    const list = await house.call('GET', keys, { token: alice.token });
    expect(JSON.stringify(list.body)).not.toContain(created.body.key);
    const stored = await house.database.db.pool.query('select * from api_keys');
    expect(JSON.stringify(stored.rows)).not.toContain(created.body.key);
    const record = await lastAudit(house, 'acme', 'api_key.created');
    expect(record).toMatchObject({
      actor: { id: alice.id },
      target: { id: created.body.id, name: 'exporter' },
      after: { scopes: ['read'] },
    });
    expect(JSON.stringify(record)).not.toContain(created.body.key);
  });

  it('makes it work at once, for its scopes and for nothing else', async () => {
    const { key } = (await create({ name: 'reader', scopes: ['read'] })).body;
    expect((await house.call('GET', '/api/v1/orgs/acme', { token: key })).status).toBe(200);
    expect((await house.call('GET', '/api/v1/acme/audit', { token: key })).status).toBe(403);
    expect((await house.call('GET', '/api/v1/orgs/other', { token: key })).status).toBe(404);
    const me = await house.call('GET', '/api/me', { token: key });
    expect(me.body).toMatchObject({
      caller: { kind: 'api_key', name: 'reader' },
      user: null,
      provider: false,
    });
    expect(me.body.organizations).toEqual([
      expect.objectContaining({ slug: 'acme', role: null, permissions: ['read'] }),
    ]);
  });

  it('cannot grant more than the creator has', async () => {
    const tooMuch = await create({ name: 'x', scopes: ['read', 'organization:write'] }, admin.token);
    expect(tooMuch.status).toBe(403);
    expect(tooMuch.body.detail).toContain('organization:write');
    const { key } = (await create({ name: 'minter', scopes: ['read', 'keys:write'] })).body;
    expect((await create({ name: 'y', scopes: ['read'] }, key)).status).toBe(201);
    expect((await create({ name: 'z', scopes: ['rules:write'] }, key)).status).toBe(403);
  });

  it.each([
    ['no scope', { name: 'x', scopes: [] }],
    ['a scope that does not exist', { name: 'x', scopes: ['everything'] }],
    ['an end in the past', { name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }],
    ['an invalid end', { name: 'x', scopes: ['read'], expires_at: 'tomorrow' }],
    ['an unknown field', { name: 'x', scopes: ['read'], organization_id: null }],
  ])('names the mistake when there is %s', async (_case, body) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.length).toBeGreaterThan(0);
  });

  it('is not allowed to operators, strangers or other tenants', async () => {
    const body = { name: 'x', scopes: ['read'] };
    expect((await create(body, operator.token)).status).toBe(403);
    expect((await create(body, null)).status).toBe(401);
    expect((await create(body, mallory.token)).status).toBe(404);
  });
});

describe('a key that makes keys', () => {
  const inAnHour = () => new Date(clock.now() + 3_600_000).toISOString();
  const inTwo = () => new Date(clock.now() + 7_200_000).toISOString();
  const scopes = ['read', 'keys:write'];

  it('cannot make one that lives longer or has more rights', async () => {
    const parent = await create({ name: 'parent', scopes, expires_at: inAnHour() });
    const late = await create({ name: 'late', scopes: ['read'], expires_at: inTwo() }, parent.body.key);
    expect([late.status, late.body.errors[0].field]).toEqual([400, 'expires_at']);
    const more = await create({ name: 'more', scopes: ['audit:read'] }, parent.body.key);
    expect(more.status).toBe(403);
    const child = await create({ name: 'child', scopes }, parent.body.key);
    expect(child.body.expires_at).toBe(parent.body.expires_at);
    const grandchild = await create({ name: 'grandchild', scopes: ['read'] }, child.body.key);
    expect(grandchild.body.expires_at).toBe(parent.body.expires_at);
  });

  it('ends together with the keys that it made, and those that they made', async () => {
    const parent = await create({ name: 'parent', scopes });
    const child = await create({ name: 'child', scopes }, parent.body.key);
    const grandchild = await create({ name: 'grandchild', scopes: ['read'] }, child.body.key);
    const other = await create({ name: 'other', scopes: ['read'] });
    const me = async (key: { body: { key: string } }) =>
      (await house.call('GET', '/api/me', { token: key.body.key })).status;
    expect([await me(child), await me(grandchild)]).toEqual([200, 200]);
    expect((await house.call('DELETE', `${keys}/${parent.body.id}`, { token: alice.token })).status).toBe(
      204,
    );
    expect([await me(parent), await me(child), await me(grandchild), await me(other)]).toEqual([
      401, 401, 401, 200,
    ]);
  });

  it('gets its stored first answer only while it still has the right to that write', async () => {
    const person = await givenMember(house, 'acme', 'repeater', 'owner');
    const once = () =>
      house.call('POST', keys, {
        token: person.token,
        body: { name: 'big', scopes: ['organization:write'] },
        headers: { 'idempotency-key': 'repeat-1' },
      });
    const first = await once();
    expect((await once()).body).toEqual(first.body);
    const role = (to: string) =>
      house.call('PUT', `/api/v1/orgs/acme/members/${person.id}`, { token: alice.token, body: { role: to } });
    await role('admin');
    const reduced = await once();
    expect([reduced.status, JSON.stringify(reduced.body).includes(first.body.key)]).toEqual([403, false]);
    await role('viewer');
    expect((await once()).status).toBe(403);
    await house.call('DELETE', `/api/v1/orgs/acme/members/${person.id}`, { token: alice.token });
    expect((await once()).status).toBe(404);
    const stranger = await house.call('POST', keys, {
      token: admin.token,
      body: { name: 'big', scopes: ['organization:write'] },
      headers: { 'idempotency-key': 'repeat-1' },
    });
    expect(stranger.status).toBe(403);
  });
});

describe('a key in use', () => {
  it('ends on time, also while it is cached', async () => {
    const expires_at = new Date(clock.now() + 60_000).toISOString();
    const { key } = (await create({ name: 'short', scopes: ['read'], expires_at })).body;
    expect((await house.call('GET', '/api/me', { token: key })).status).toBe(200);
    clock.advance(61);
    expect((await house.call('GET', '/api/me', { token: key })).status).toBe(401);
  });

  it('shows when it was last used, to the minute', async () => {
    const created = (await create({ name: 'used', scopes: ['read'] })).body;
    expect(created.last_used_at).toBeNull();
    await house.call('GET', '/api/me', { token: created.key });
    const list = await house.call('GET', keys, { token: alice.token });
    const shown = list.body.data.find((one: { id: string }) => one.id === created.id);
    expect(shown.last_used_at).toBe(new Date(clock.now()).toISOString());
  });

  it('is refused when one letter is changed', async () => {
    const { key } = (await create({ name: 'exact', scopes: ['read'] })).body;
    const last = key.endsWith('A') ? 'B' : 'A';
    expect((await house.call('GET', '/api/me', { token: key.slice(0, -1) + last })).status).toBe(401);
    expect((await house.call('GET', '/api/me', { token: `${bootstrapKey}x` })).status).toBe(401);
  });
});

describe('listing keys', () => {
  it('shows the keys of this organization, newest first, page by page', async () => {
    clock.advance(1);
    await create({ name: 'newest', scopes: ['read'] });
    const first = await house.call('GET', `${keys}?limit=1`, { token: admin.token });
    expect(first.body.data[0].name).toBe('newest');
    const second = await house.call('GET', `${keys}?limit=1&cursor=${first.body.next_cursor}`, {
      token: admin.token,
    });
    expect(second.body.data[0].id).not.toBe(first.body.data[0].id);
    const others = await house.call('GET', '/api/v1/other/api-keys', { token: mallory.token });
    expect(others.body.data).toEqual([]);
  });

  it.each([
    [400, () => alice.token, '?limit=many'],
    [401, () => null, ''],
    [403, () => operator.token, ''],
    [404, () => mallory.token, ''],
  ])('answers %i to callers without the right and to bad queries', async (status, token, query) => {
    expect((await house.call('GET', `${keys}${query}`, { token: token() })).status).toBe(status);
  });
});

describe('revoking a key', () => {
  it('ends it at once, here and in other processes, and is recorded', async () => {
    const other = await testApp({ clock, database: house.database });
    try {
      const created = (await create({ name: 'ended', scopes: ['read'] })).body;
      expect((await other.call('GET', '/api/me', { token: created.key })).status).toBe(200);
      const revoked = await house.call('DELETE', `${keys}/${created.id}`, { token: admin.token });
      expect(revoked.status).toBe(204);
      expect((await house.call('GET', '/api/me', { token: created.key })).status).toBe(401);
      await expect
        .poll(async () => (await other.call('GET', '/api/me', { token: created.key })).status)
        .toBe(401);
      expect(await lastAudit(house, 'acme', 'api_key.revoked')).toMatchObject({
        actor: { id: admin.id },
        target: { id: created.id, name: 'ended' },
        after: null,
      });
      expect((await house.call('DELETE', `${keys}/${created.id}`, { token: admin.token })).status).toBe(404);
    } finally {
      await other.close();
    }
  });

  it('is not allowed to others', async () => {
    const { id } = (await create({ name: 'kept', scopes: ['read'] })).body;
    const revoke = (token: string | null, path = `${keys}/${id}`) => house.call('DELETE', path, { token });
    expect((await revoke(null)).status).toBe(401);
    expect((await revoke(operator.token)).status).toBe(403);
    expect((await revoke(mallory.token)).status).toBe(404);
    expect((await revoke(mallory.token, `/api/v1/other/api-keys/${id}`)).status).toBe(404);
    expect((await revoke(alice.token, `${keys}/not-an-id`)).status).toBe(400);
  });
});
