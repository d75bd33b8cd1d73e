import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { givenMember, givenOrganization, lastAudit, type Person } from './people.fixture.ts';

let house: TestApp;
let alice: Person;
let admin: Person;
let viewer: Person;
let mallory: Person;

beforeAll(async () => {
  house = await testApp();
  await givenOrganization(house, 'acme');
  await givenOrganization(house, 'other');
  alice = await givenMember(house, 'acme', 'alice', 'owner');
  admin = await givenMember(house, 'acme', 'adam', 'admin');
  viewer = await givenMember(house, 'acme', 'vera', 'viewer');
  mallory = await givenMember(house, 'other', 'mallory', 'owner');
});
afterAll(() => house.close());

describe('creating an organization', () => {
  it('answers with it, records it and tells the higher floors', async () => {
    const created = await house.call('POST', '/api/v1/orgs', {
      body: { slug: 'pine-golf', name: 'Pine Golf' },
    });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe('/api/v1/orgs/pine-golf');
    expect(created.body).toMatchObject({ slug: 'pine-golf', name: 'Pine Golf' });
    const record = await lastAudit(house, 'pine-golf', 'organization.created');
    expect(record).toMatchObject({
      actor: { kind: 'api_key', name: 'BOOTSTRAP_API_KEY' },
      target: { kind: 'organization', id: created.body.id, name: 'pine-golf' },
      before: null,
      after: { slug: 'pine-golf', name: 'Pine Golf' },
      ip: '127.0.0.1',
    });
  });

  it.each([
    ['an upper-case slug', { slug: 'Pine', name: 'x' }],
    ['a slug that is part of a path', { slug: 'orgs', name: 'x' }],
    ['a slug that looks like an id', { slug: '019000aa-0000-7000-8000-000000000000', name: 'x' }],
    ['a blank name', { slug: 'pine', name: '  ' }],
    ['an unknown field', { slug: 'pine', name: 'x', plan: 'free' }],
  ])('names the mistake when there is %s', async (_case, body) => {
    const answer = await house.call('POST', '/api/v1/orgs', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(1);
  });

  it('does not give the same slug twice', async () => {
    const answer = await house.call('POST', '/api/v1/orgs', { body: { slug: 'acme', name: 'x' } });
    expect([answer.status, answer.body.code]).toEqual([409, 'already_exists']);
  });

  it('makes it once for one Idempotency-Key', async () => {
    const request = { body: { slug: 'once', name: 'Once' }, headers: { 'idempotency-key': 'org-once' } };
    const first = await house.call('POST', '/api/v1/orgs', request);
    const second = await house.call('POST', '/api/v1/orgs', request);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });

  it('needs provider scope', async () => {
    const body = { slug: 'mine', name: 'Mine' };
    expect((await house.call('POST', '/api/v1/orgs', { token: alice.token, body })).status).toBe(403);
    expect((await house.call('POST', '/api/v1/orgs', { token: null, body })).status).toBe(401);
  });
});

describe('listing organizations', () => {
  it('shows a member only their own', async () => {
    const list = await house.call('GET', '/api/v1/orgs', { token: alice.token });
    expect(list.body.data.map((one: { slug: string }) => one.slug)).toEqual(['acme']);
  });

  it('pages through all of them for provider scope', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await house.call('GET', `/api/v1/orgs?limit=1${query}`);
      expect(page.status).toBe(200);
      seen.push(...page.body.data.map((one: { slug: string }) => one.slug));
      cursor = page.body.next_cursor;
    }
    expect(seen).toEqual([...seen].sort());
    expect(seen).toEqual(expect.arrayContaining(['acme', 'other']));
  });

  it('refuses a foreign cursor, and callers without credential', async () => {
    expect((await house.call('GET', '/api/v1/orgs?cursor=nonsense')).status).toBe(400);
    expect((await house.call('GET', '/api/v1/orgs', { token: null })).status).toBe(401);
  });
});

describe('one organization', () => {
  it('is found by slug, in any case, and by id', async () => {
    const bySlug = await house.call('GET', '/api/v1/orgs/ACME', { token: viewer.token });
    expect(bySlug.status).toBe(200);
    const byId = await house.call('GET', `/api/v1/orgs/${bySlug.body.id}`, { token: viewer.token });
    expect(byId.body).toEqual(bySlug.body);
  });

  it('does not exist for members of another one', async () => {
    const foreign = await house.call('GET', '/api/v1/orgs/acme', { token: mallory.token });
    const absent = await house.call('GET', '/api/v1/orgs/nowhere', { token: mallory.token });
    expect([foreign.status, absent.status]).toEqual([404, 404]);
    expect(foreign.body.detail).toBe(absent.body.detail);
  });

  it('is renamed by an owner, with a record of before and after', async () => {
    const renamed = await house.call('PUT', '/api/v1/orgs/acme', {
      token: alice.token,
      body: { name: 'Acme & Sons' },
    });
    expect(renamed.status).toBe(200);
    expect(renamed.body.name).toBe('Acme & Sons');
    expect(await lastAudit(house, 'acme', 'organization.updated')).toMatchObject({
      actor: { kind: 'user', id: alice.id, name: 'alice' },
      before: { name: 'The acme' },
      after: { name: 'Acme & Sons' },
    });
  });

  it('is not overwritten by somebody who read an older version', async () => {
    const read = await house.call('GET', '/api/v1/orgs/acme', { token: alice.token });
    const put = (name: string) =>
      house.call('PUT', '/api/v1/orgs/acme', {
        token: alice.token,
        body: { name },
        headers: { 'if-match': String(read.headers.etag) },
      });
    expect((await put('First')).status).toBe(200);
    const late = await put('Second');
    expect([late.status, late.body.code]).toEqual([412, 'precondition_failed']);
  });

  it.each([
    [400, () => alice.token, { name: '' }],
    [401, () => null, { name: 'x' }],
    [403, () => admin.token, { name: 'x' }],
    [404, () => mallory.token, { name: 'x' }],
  ])('answers %i to a change that is not allowed', async (status, token, body) => {
    expect((await house.call('PUT', '/api/v1/orgs/acme', { token: token(), body })).status).toBe(status);
  });
});

describe('who am I', () => {
  it('tells an API key of provider scope that it may act everywhere', async () => {
    const me = await house.call('GET', '/api/me');
    expect(me.body).toMatchObject({
      caller: { kind: 'api_key', name: 'BOOTSTRAP_API_KEY' },
      user: null,
      provider: true,
    });
    expect(me.body.organizations.length).toBeGreaterThan(1);
  });

  it('tells a member their role and its permissions', async () => {
    const me = await house.call('GET', '/api/me', { token: viewer.token });
    expect(me.body.organizations).toEqual([
      expect.objectContaining({ slug: 'acme', role: 'viewer', permissions: ['read'] }),
    ]);
  });

  it('needs a credential', async () => {
    expect((await house.call('GET', '/api/me', { token: null })).status).toBe(401);
  });
});
