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
