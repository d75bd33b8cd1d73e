import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

let house: TestApp;
let alice: Tenant;
let bob: Tenant;
// A Monday, 13:00 in Berlin.
const clock = testClock('2026-11-23T12:00:00Z');

beforeAll(async () => {
  house = await testApp({ clock });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
});
afterAll(() => house.close());

const hours = { monday: [{ open: '09:00', close: '22:00' }], friday: [{ open: '18:00', close: '03:00' }] };
const berlin = (slug: string) => ({ slug, name: 'Berlin', timezone: 'Europe/Berlin' });
const audit = async (tenant: Tenant, action: string) =>
  (await tenant.call('GET', `/audit?action=${action}`)).body.data;

describe('POST /sites', () => {
  it('creates a site that says whether it is open now', async () => {
    const created = await alice.call('POST', '/sites', {
      body: { ...berlin('mitte'), opening_hours: hours },
    });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe('/api/v1/alice/sites/mitte');
    expect(created.body).toMatchObject({
      slug: 'mitte',
      name: 'Berlin',
      timezone: 'Europe/Berlin',
      opening_hours: hours,
      open_now: true,
      opens_at: null,
      closes_at: '2026-11-23T21:00:00.000Z',
      area_count: 0,
      device_count: 0,
    });
    expect((await alice.call('GET', `/sites/${created.body.id}`)).body).toEqual(created.body);
    const [record] = await audit(alice, 'site.created');
    expect(record).toMatchObject({
      target: { kind: 'site', id: created.body.id, name: 'mitte' },
      after: { timezone: 'Europe/Berlin' },
    });
  });

  it('accepts a store id of a real fleet as slug, and spells the time zone like IANA', async () => {
    const created = await alice.call('POST', '/sites', {
      body: { ...berlin('STORE_001'), timezone: 'america/halifax' },
    });
    expect(created).toMatchObject({
      status: 201,
      body: { slug: 'STORE_001', timezone: 'America/Halifax', open_now: true, closes_at: null },
    });
  });

  it('answers a repeated Idempotency-Key with the first answer', async () => {
    const once = () =>
      alice.call('POST', '/sites', { body: berlin('once'), headers: { 'idempotency-key': 'site-once' } });
    const first = await once();
    expect(first.status).toBe(201);
    expect(await once()).toMatchObject({ status: 201, body: first.body });
  });

  it('refuses a slug that is taken; other organizations may use it', async () => {
    await alice.call('POST', '/sites', { body: berlin('taken') });
    expect(await alice.call('POST', '/sites', { body: berlin('taken') })).toMatchObject({
      status: 409,
      body: { code: 'already_exists', errors: [{ field: 'slug' }] },
    });
    expect((await bob.call('POST', '/sites', { body: berlin('taken') })).status).toBe(201);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no name', { slug: 'x', timezone: 'UTC' }, 'name'],
    ['a slug with a slash', { ...berlin('a/b') }, 'slug'],
    ['an unknown field', { ...berlin('x'), colour: 'red' }, 'colour'],
    ['an unknown time zone', { ...berlin('x'), timezone: 'Mars/Olympus' }, 'timezone'],
    ['an offset for a time zone', { ...berlin('x'), timezone: '+01:00' }, 'timezone'],
    [
      'an invalid hour',
      { ...berlin('x'), opening_hours: { monday: [{ open: '25:00', close: '26:00' }] } },
      'opening_hours.monday.0.open',
    ],
    [
      'overlapping hours',
      {
        ...berlin('x'),
        opening_hours: {
          monday: [
            { open: '09:00', close: '12:00' },
            { open: '11:00', close: '13:00' },
          ],
        },
      },
      'opening_hours.monday.1',
    ],
    [
      'an invalid date',
      { ...berlin('x'), opening_hours: { holidays: [{ date: '2026-02-30', closed: true }] } },
      'opening_hours.holidays.0.date',
    ],
  ])('refuses %s and names the field', async (_name, body, field) => {
    const answer = await alice.call('POST', '/sites', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('refuses a nul character in text as bad input', async () => {
    expect(
      (await alice.call('POST', '/sites', { body: { ...berlin('nul'), name: 'a\u0000b' } })).status,
    ).toBe(400);
    expect((await alice.call('GET', '/sites/a%00b')).status).toBeLessThan(500);
  });

  it('needs a credential, and the permission to write', async () => {
    expect((await alice.call('POST', '/sites', { body: berlin('x'), token: null })).status).toBe(401);
    expect((await alice.call('POST', '/sites', { body: berlin('x'), token: 'wk_wrong' })).status).toBe(401);
    expect((await alice.call('POST', '/sites', { body: berlin('x'), token: alice.readKey })).status).toBe(
      403,
    );
    expect((await alice.call('POST', '/sites', { body: berlin('x'), token: bob.key })).status).toBe(404);
  });
});

describe('GET /sites', () => {
  it('pages in order of slug, searches, and shows the rows to no other organization', async () => {
    const carol = await testTenant(house, 'carol');
    for (const slug of ['c', 'a', 'b_1'])
      await carol.call('POST', '/sites', { body: { ...berlin(slug), name: `Site ${slug} 100%` } });
    const first = await carol.call('GET', '/sites?limit=2');
    expect(first.body.data.map((site: { slug: string }) => site.slug)).toEqual(['a', 'b_1']);
    const second = await carol.call('GET', `/sites?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ data: [{ slug: 'c' }], next_cursor: null });
    expect((await carol.call('GET', '/sites?q=b_')).body.data).toHaveLength(1);
    expect((await carol.call('GET', '/sites?q=100%25')).body.data).toHaveLength(3);
    expect((await carol.call('GET', '/sites', { token: bob.key })).status).toBe(404);
  });

  it.each([
    'cursor=nonsense',
    `cursor=${Buffer.from('["\\u0000"]').toString('base64url')}`,
    'limit=0',
    'limit=501',
    'colour=red',
  ])('refuses %s', async (query) => {
    expect((await alice.call('GET', `/sites?${query}`)).status).toBe(400);
  });
});

describe('PUT /sites/{site}', () => {
  it('replaces the editable fields, keeps the slug, and records what changed', async () => {
    await alice.call('POST', '/sites', { body: { ...berlin('put'), opening_hours: hours } });
    const answer = await alice.call('PUT', '/sites/put', {
      body: { name: 'New', timezone: 'Europe/Berlin' },
    });
    expect(answer).toMatchObject({ status: 200, body: { slug: 'put', name: 'New', opening_hours: null } });
    const [record] = await audit(alice, 'site.updated');
    expect(record).toMatchObject({
      before: { name: 'Berlin', opening_hours: hours },
      after: { name: 'New', opening_hours: null },
    });
    expect(record.after).not.toHaveProperty('timezone');
  });

  it('writes nothing when nothing changes', async () => {
    const created = await alice.call('POST', '/sites', { body: { ...berlin('same'), opening_hours: hours } });
    const answer = await alice.call('PUT', '/sites/same', {
      body: { ...berlin('same'), opening_hours: hours },
    });
    expect(answer.headers.etag).toBe(created.headers.etag);
  });

  it('refuses the second of two editors who read the same version', async () => {
    const { headers } = await alice.call('POST', '/sites', { body: berlin('edited') });
    const put = (name: string) =>
      alice.call('PUT', '/sites/edited', {
        body: { ...berlin('edited'), name },
        headers: { 'if-match': String(headers.etag) },
      });
    const first = await put('First');
    expect(first.status).toBe(200);
    expect(first.headers.etag).not.toBe(headers.etag);
    expect(await put('Second')).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
  });

  it('renames a slug, but not to a taken one', async () => {
    await alice.call('POST', '/sites', { body: berlin('old-slug') });
    expect((await alice.call('PUT', '/sites/old-slug', { body: berlin('new-slug') })).body.slug).toBe(
      'new-slug',
    );
    expect((await alice.call('GET', '/sites/old-slug')).status).toBe(404);
    await alice.call('POST', '/sites', { body: berlin('other') });
    expect((await alice.call('PUT', '/sites/new-slug', { body: berlin('other') })).status).toBe(409);
  });

  it("answers 404 for another tenant's site by slug and by id, 403 to readers, 400 to invalid input", async () => {
    const site = (await alice.call('POST', '/sites', { body: berlin('mine') })).body;
    for (const reference of ['mine', site.id]) {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const body = method === 'PUT' ? { body: berlin('mine') } : {};
        expect((await bob.call(method, `/sites/${reference}`, body)).status).toBe(404);
      }
    }
    expect(
      (await alice.call('PUT', '/sites/mine', { body: berlin('mine'), token: alice.readKey })).status,
    ).toBe(403);
    expect((await alice.call('PUT', '/sites/mine', { body: { name: '' } })).status).toBe(400);
    expect((await alice.call('PUT', '/sites/mine', { body: berlin('mine'), token: null })).status).toBe(401);
    expect((await alice.call('GET', '/sites/mine')).body).toEqual(site);
  });
});

describe('DELETE /sites/{site}', () => {
  it('refuses while the site has devices and says what to do; cascade deletes them too', async () => {
    await alice.call('POST', '/sites', { body: berlin('full') });
    await alice.call('POST', '/sites/full/areas', { body: { slug: 'bay-1', name: 'Bay 1' } });
    const device = (
      await alice.call('POST', '/devices', { body: { slug: 'full-pc', site: 'full', area: 'bay-1' } })
    ).body;
    const refused = await alice.call('DELETE', '/sites/full');
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(refused.body.detail).toContain('cascade=true');
    expect((await alice.call('DELETE', '/sites/full?cascade=true')).status).toBe(204);
    expect((await alice.call('GET', '/devices/full-pc')).status).toBe(404);
    expect((await alice.call('GET', '/sites/full')).status).toBe(404);
    const removed = await audit(alice, 'device.deleted');
    expect(removed[0]).toMatchObject({ target: { id: device.id, name: 'full-pc' } });
    const tokens = await house.ctx.db.pool.query('select 1 from device_tokens where device_id = $1', [
      device.id,
    ]);
    expect(tokens.rowCount).toBe(0);
  });

  it('deletes an empty site, only with the permission', async () => {
    await alice.call('POST', '/sites', { body: berlin('empty') });
    expect((await alice.call('DELETE', '/sites/empty', { token: alice.readKey })).status).toBe(403);
    expect((await alice.call('DELETE', '/sites/empty', { token: null })).status).toBe(401);
    expect((await alice.call('DELETE', '/sites/empty')).status).toBe(204);
    expect((await alice.call('DELETE', '/sites/empty')).status).toBe(404);
    expect((await audit(alice, 'site.deleted'))[0]).toMatchObject({ target: { name: 'empty' } });
  });
});
