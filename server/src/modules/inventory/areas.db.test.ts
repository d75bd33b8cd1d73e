import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

let house: TestApp;
let alice: Tenant;
let bob: Tenant;

beforeAll(async () => {
  house = await testApp();
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  for (const slug of ['north', 'south']) {
    await alice.call('POST', '/sites', { body: { slug, name: slug, timezone: 'America/Halifax' } });
  }
});
afterAll(() => house.close());

const path = '/sites/north/areas';
const audit = async (action: string) => (await alice.call('GET', `/audit?action=${action}`)).body.data;

describe('areas of a site', () => {
  it('are created, read by slug and id, and listed in order of slug', async () => {
    const bay = await alice.call('POST', path, { body: { slug: 'bay-2', name: 'Bay 2', kind: 'bay' } });
    expect(bay).toMatchObject({
      status: 201,
      body: { slug: 'bay-2', site: 'north', name: 'Bay 2', kind: 'bay', device_count: 0 },
    });
    expect(bay.headers.location).toBe('/api/v1/alice/sites/north/areas/bay-2');
    await alice.call('POST', path, { body: { slug: 'bay-1', name: 'Bay 1' } });
    expect((await alice.call('GET', `${path}/${bay.body.id}`)).body).toEqual(bay.body);
    expect((await alice.call('GET', path)).body.data.map((area: { slug: string }) => area.slug)).toEqual([
      'bay-1',
      'bay-2',
    ]);
    expect((await alice.call('GET', '/sites/north')).body.area_count).toBe(2);
    expect((await audit('area.created'))[0]).toMatchObject({ target: { kind: 'area', name: 'north/bay-1' } });
  });

  it('have slugs of their own in each site', async () => {
    await alice.call('POST', path, { body: { slug: 'gate', name: 'Gate' } });
    expect((await alice.call('POST', path, { body: { slug: 'gate', name: 'Gate' } })).status).toBe(409);
    expect(
      (await alice.call('POST', '/sites/south/areas', { body: { slug: 'gate', name: 'Gate' } })).status,
    ).toBe(201);
  });

  it('are replaced under If-Match, with an audit row of what changed', async () => {
    const { headers } = await alice.call('POST', path, {
      body: { slug: 'room', name: 'Room', kind: 'room' },
    });
    const put = (name: string) =>
      alice.call('PUT', `${path}/room`, { body: { name }, headers: { 'if-match': String(headers.etag) } });
    expect(await put('Lounge')).toMatchObject({
      status: 200,
      body: { slug: 'room', name: 'Lounge', kind: null },
    });
    expect((await put('Bar')).status).toBe(412);
    expect((await audit('area.updated'))[0]).toMatchObject({
      before: { name: 'Room', kind: 'room' },
      after: { name: 'Lounge', kind: null },
    });
  });

  it('leave their devices at the site when they are deleted', async () => {
    await alice.call('POST', path, { body: { slug: 'old', name: 'Old' } });
    const before = await alice.call('POST', '/devices', {
      body: { slug: 'old-pc', site: 'north', area: 'old' },
    });
    expect((await alice.call('DELETE', `${path}/old`)).status).toBe(204);
    const after = await alice.call('GET', '/devices/old-pc');
    expect(after.body).toMatchObject({ site: 'north', area: null, area_id: null });
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect((await audit('area.deleted'))[0]).toMatchObject({
      target: { name: 'north/old' },
      before: { devices: 1 },
    });
    expect((await alice.call('DELETE', `${path}/old`)).status).toBe(404);
  });

  it('are refused with bad input, without credential, without permission, and to other tenants', async () => {
    const body = { slug: 'x', name: 'X' };
    const area = (await alice.call('POST', path, { body: { slug: 'mine', name: 'Mine' } })).body;
    expect((await alice.call('POST', path, { body: { slug: '', name: 'X' } })).status).toBe(400);
    expect((await alice.call('POST', path, { body: { ...body, size: 3 } })).body.errors).toEqual([
      { field: 'size', message: 'is not a known field' },
    ]);
    expect((await alice.call('POST', '/sites/nowhere/areas', { body })).status).toBe(404);
    expect((await alice.call('POST', path, { body, token: null })).status).toBe(401);
    expect((await alice.call('POST', path, { body, token: alice.readKey })).status).toBe(403);
    expect((await alice.call('POST', path, { body, token: bob.key })).status).toBe(404);
    await bob.call('POST', '/sites', { body: { slug: 'bobs', name: 'Bob', timezone: 'UTC' } });
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const options = method === 'PUT' ? { body: { name: 'Y' } } : {};
      expect((await alice.call(method, `${path}/mine`, { ...options, token: null })).status).toBe(401);
      expect((await bob.call(method, `/sites/bobs/areas/${area.id}`, options)).status).toBe(404);
    }
    expect(
      (await alice.call('PUT', `${path}/mine`, { body: { name: 'Y' }, token: alice.readKey })).status,
    ).toBe(403);
    expect((await alice.call('DELETE', `${path}/mine`, { token: alice.readKey })).status).toBe(403);
    expect((await alice.call('GET', `${path}/mine`)).body).toEqual(area);
  });
});

describe('the order of areas', () => {
  const areas = '/sites/west/areas';
  const slugs = async (query = '') =>
    (await alice.call('GET', `${areas}${query}`)).body.data.map((area: { slug: string }) => area.slug);
  const order = (body: object, who = alice) => who.call('PUT', '/sites/west/area-order', { body });

  it('is that of the slugs until somebody sets one; new areas come last', async () => {
    await alice.call('POST', '/sites', { body: { slug: 'west', name: 'West', timezone: 'UTC' } });
    for (const slug of ['a', 'b', 'c', 'd']) await alice.call('POST', areas, { body: { slug, name: slug } });
    expect(await slugs()).toEqual(['a', 'b', 'c', 'd']);
    const answer = await order({ areas: ['c', 'a'] });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body.data.map((area: { position: number }) => area.position)).toEqual([0, 1, 2, 3]);
    await alice.call('POST', areas, { body: { slug: 'aa', name: 'new' } });
    expect(await slugs()).toEqual(['c', 'a', 'b', 'd', 'aa']);
    expect((await audit('site.updated'))[0]).toMatchObject({
      target: { kind: 'site', name: 'west' },
      before: { area_order: ['a', 'b', 'c', 'd'] },
      after: { area_order: ['c', 'a', 'b', 'd'] },
    });
  });

  it('holds across pages, and in the states of devices', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 5; page += 1) {
      const { body } = await alice.call('GET', `${areas}?limit=1${cursor}`);
      seen.push(...body.data.map((area: { slug: string }) => area.slug));
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(['c', 'a', 'b', 'd', 'aa']);
    await alice.call('POST', '/devices', { body: { slug: 'lamp', site: 'west', area: 'b' } });
    expect((await alice.call('GET', '/devices/lamp/state')).body.area).toMatchObject({
      slug: 'b',
      position: 2,
    });
  });

  it('is written once: the same order again changes nothing', async () => {
    const ids = (await alice.call('GET', areas)).body.data.map((area: { id: string }) => area.id);
    expect((await order({ areas: ids })).status).toBe(200);
    const before = (await audit('site.updated')).length;
    expect((await order({ areas: ids })).status).toBe(200);
    expect((await audit('site.updated')).length).toBe(before);
  });

  it('must name areas of this site, each once, and needs the permission', async () => {
    expect((await order({ areas: ['c', 'nowhere'] })).body.errors).toEqual([
      { field: 'areas.1', message: 'is not an area of this site' },
    ]);
    expect((await order({ areas: ['c', 'c'] })).status).toBe(400);
    expect((await order({ areas: 'c' })).status).toBe(400);
    expect((await order({ areas: ['c'] }, bob)).status).toBe(404);
    const reader = { token: alice.readKey, body: { areas: ['c'] } };
    expect((await alice.call('PUT', '/sites/west/area-order', reader)).status).toBe(403);
    expect((await alice.call('GET', `${areas}?cursor=abc`)).status).toBe(400);
  });

  it('is taken from the file that lists them, and is in an export', async () => {
    const file = (...listed: string[]) => ({
      manifest: {
        sites: [
          {
            slug: 'west',
            name: 'West',
            timezone: 'UTC',
            areas: listed.map((slug) => ({ slug, name: slug })),
          },
        ],
      },
    });
    const apply = async (body: object) => (await alice.call('POST', '/apply', { body })).body.plan[0];
    expect(await apply(file('d', 'c', 'b'))).toMatchObject({
      action: 'update',
      kind: 'site',
      changes: [{ field: 'area_order', from: ['c', 'b', 'd'], to: ['d', 'c', 'b'] }],
    });
    expect(await slugs()).toEqual(['d', 'c', 'b', 'a', 'aa']);
    expect(await apply(file('d', 'c', 'b'))).toMatchObject({ action: 'unchanged' });
  });
});
