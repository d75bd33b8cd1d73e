import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret } from '#platform/ids';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';

let house: TestApp;
let alice: Tenant;
let bob: Tenant;

beforeAll(async () => {
  house = await testApp({ env: { PUBLIC_URL: 'https://watch.example' } });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  for (const slug of ['north', 'south']) {
    await alice.call('POST', '/sites', { body: { slug, name: slug, timezone: 'America/Halifax' } });
    await alice.call('POST', `/sites/${slug}/areas`, { body: { slug: `${slug}-bay`, name: 'Bay' } });
  }
});
afterAll(() => house.close());

const create = (slug: string, more: Record<string, unknown> = {}) =>
  alice.call('POST', '/devices', { body: { slug, site: 'north', ...more } });
const audit = async (action: string) => (await alice.call('GET', `/audit?action=${action}`)).body.data;
const tokenHash = async (deviceId: string) =>
  (
    await house.ctx.db.pool.query<{ hash: Buffer }>('select hash from device_tokens where device_id = $1', [
      deviceId,
    ])
  ).rows[0]?.hash;

describe('POST /devices', () => {
  it('creates a device and shows once its token and the URL for heartbeats', async () => {
    const created = await create('Bay-4.PC', { name: 'Bay 4', area: 'north-bay' });
    expect(created.status).toBe(201);
    const { token, heartbeat, ...device } = created.body;
    expect(heartbeat).toEqual({ url: 'https://watch.example/heartbeat' });
    expect(device).toMatchObject({
      slug: 'Bay-4.PC',
      name: 'Bay 4',
      site: 'north',
      area: 'north-bay',
      type: null,
      depends_on: [],
      provisioned: false,
    });
    expect(await tokenHash(device.id)).toEqual(hashSecret(token));
    expect((await alice.call('GET', '/devices/Bay-4.PC')).body).toEqual(device);
    const [record] = await audit('device.created');
    expect(record).toMatchObject({
      target: { kind: 'device', id: device.id, name: 'Bay-4.PC' },
      after: { site: 'north', area: 'north-bay' },
    });
    expect(JSON.stringify(record)).not.toContain(token);
  });

  it('uses the slug as name until somebody sets one', async () => {
    expect((await create('nameless')).body.name).toBe('nameless');
  });

  it('also takes site, area and dependencies by id', async () => {
    const router = (await create('router')).body;
    const area = (await alice.call('GET', '/sites/north/areas/north-bay')).body;
    const created = await create('by-id', { site: area.site_id, area: area.id, depends_on: [router.id] });
    expect(created).toMatchObject({
      status: 201,
      body: { site: 'north', area: 'north-bay', depends_on: ['router'] },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown site', { site: 'nowhere' }, 'site'],
    ['an area of another site', { area: 'south-bay' }, 'area'],
    ['an unknown type', { type: 'toaster' }, 'type'],
    ['an unknown dependency', { depends_on: ['ghost'] }, 'depends_on.0'],
    ['itself as dependency', { depends_on: ['wrong'] }, 'depends_on.0'],
    [
      'too many dependencies',
      { depends_on: Array.from({ length: 33 }, (_, index) => `d${index}`) },
      'depends_on',
    ],
    ['an unknown field', { colour: 'red' }, 'colour'],
    ['a slug with a blank', { slug: 'a b' }, 'slug'],
  ])('refuses %s and names the field', async (_name, wrong, field) => {
    const answer = await create('wrong', wrong);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect((await alice.call('GET', '/devices/wrong')).status).toBe(404);
  });

  it("refuses another tenant's site, and dependencies on its devices", async () => {
    await bob.call('POST', '/sites', { body: { slug: 'bobs', name: 'Bob', timezone: 'UTC' } });
    const theirs = (await bob.call('POST', '/devices', { body: { slug: 'bobs-pc', site: 'bobs' } })).body;
    expect(await create('thief', { site: theirs.site_id })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'site' }] },
    });
    expect(await create('thief', { depends_on: [theirs.id] })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'depends_on.0' }] },
    });
  });

  it('needs a free slug, a credential and the permission', async () => {
    await create('taken');
    expect(await create('taken')).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    const body = { slug: 'x', site: 'north' };
    expect((await alice.call('POST', '/devices', { body, token: null })).status).toBe(401);
    expect((await alice.call('POST', '/devices', { body, token: alice.readKey })).status).toBe(403);
    expect((await alice.call('POST', '/devices', { body, token: bob.key })).status).toBe(404);
  });

  it('updates open screens at once, also in other processes', async () => {
    const heard: string[] = [];
    await using other = await testApp({ database: house.database });
    const unsubscribe = other.ctx.live.subscribe(alice.id, (change) =>
      heard.push(...change.ids.map((id) => `${change.topic} ${id}`)),
    );
    const { id } = (await create('told')).body;
    await waitFor('the change', () => heard.includes(`device ${id}`));
    unsubscribe();
  });
});

describe('dependencies', () => {
  it('refuse a circle and name it', async () => {
    await create('modem');
    await create('switch', { depends_on: ['modem'] });
    await create('camera', { depends_on: ['switch'] });
    const answer = await alice.call('PUT', '/devices/modem', {
      body: { name: 'modem', site: 'north', depends_on: ['camera'] },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]).toEqual({
      field: 'depends_on',
      message: expect.stringContaining('camera -> switch -> modem'),
    });
    expect((await alice.call('GET', '/devices/modem')).body.depends_on).toEqual([]);
  });

  it('cannot become a circle by two changes at once', async () => {
    const put = (slug: string, parent: string) =>
      alice.call('PUT', `/devices/${slug}`, { body: { name: slug, site: 'north', depends_on: [parent] } });
    for (const pair of ['1', '2', '3', '4', '5']) {
      const [left, right] = [`left-${pair}`, `right-${pair}`];
      await create(left);
      await create(right);
      const answers = await Promise.all([put(left, right), put(right, left)]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400]);
    }
  });

  it('follow a device that is deleted, and give its dependents a new version', async () => {
    await create('parent');
    const child = await create('child', { depends_on: ['parent'] });
    await alice.call('DELETE', '/devices/parent');
    const after = await alice.call('GET', '/devices/child');
    expect(after.body.depends_on).toEqual([]);
    expect(after.headers.etag).not.toBe(child.headers.etag);
  });
});

describe('GET /devices', () => {
  it('filters by site, area, type and text, page by page', async () => {
    const carol = await testTenant(house, 'carol');
    await carol.call('POST', '/sites', { body: { slug: 's1', name: 'One', timezone: 'UTC' } });
    await carol.call('POST', '/sites', { body: { slug: 's2', name: 'Two', timezone: 'UTC' } });
    await carol.call('POST', '/sites/s1/areas', { body: { slug: 'bay', name: 'Bay' } });
    await carol.call('POST', '/devices', { body: { slug: 'a', site: 's1', area: 'bay' } });
    await carol.call('POST', '/devices', { body: { slug: 'b', site: 's1' } });
    await carol.call('POST', '/devices', { body: { slug: 'c', name: 'Ceiling', site: 's2' } });
    const slugs = async (query: string) =>
      (await carol.call('GET', `/devices?${query}`)).body.data.map((device: { slug: string }) => device.slug);
    expect(await slugs('site=s1')).toEqual(['a', 'b']);
    expect(await slugs('area=bay')).toEqual(['a']);
    expect(await slugs('q=ceil')).toEqual(['c']);
    expect(await slugs('type=trackman_pc')).toEqual([]);
    expect(await slugs('site=nowhere')).toEqual([]);
    const first = (await carol.call('GET', '/devices?limit=2')).body;
    expect(await slugs(`limit=2&cursor=${first.next_cursor}`)).toEqual(['c']);
    expect((await carol.call('GET', '/devices', { token: null })).status).toBe(401);
    expect((await carol.call('GET', '/devices', { token: alice.key })).status).toBe(404);
    expect((await carol.call('GET', '/devices?limit=many')).status).toBe(400);
  });
});

describe('PUT and DELETE /devices/{device}', () => {
  it('replaces all editable fields: missing ones are cleared', async () => {
    await create('full', { name: 'Full', area: 'north-bay', depends_on: ['nameless'] });
    const answer = await alice.call('PUT', '/devices/full', { body: { name: 'Moved', site: 'south' } });
    expect(answer).toMatchObject({
      status: 200,
      body: { slug: 'full', name: 'Moved', site: 'south', area: null, depends_on: [] },
    });
    expect((await audit('device.updated'))[0]).toMatchObject({
      before: { name: 'Full', site: 'north', area: 'north-bay', depends_on: ['nameless'] },
      after: { name: 'Moved', site: 'south', area: null, depends_on: [] },
    });
  });

  it('refuses an outdated If-Match, a taken slug and invalid input', async () => {
    const { headers } = await create('edited');
    const put = (body: unknown, match?: string) =>
      alice.call('PUT', '/devices/edited', {
        body,
        ...(match === undefined ? {} : { headers: { 'if-match': match } }),
      });
    expect((await put({ name: 'One', site: 'north' }, String(headers.etag))).status).toBe(200);
    expect((await put({ name: 'Two', site: 'north' }, String(headers.etag))).status).toBe(412);
    expect((await put({ name: 'Two', slug: 'nameless', site: 'north' })).status).toBe(409);
    expect((await put({ name: 'Two' })).status).toBe(400);
  });

  it('deletes the device with its token, and frees its slug', async () => {
    const { id } = (await create('gone')).body;
    expect((await alice.call('DELETE', '/devices/gone', { token: alice.readKey })).status).toBe(403);
    expect((await alice.call('DELETE', '/devices/gone')).status).toBe(204);
    expect(await tokenHash(id)).toBeUndefined();
    expect((await audit('device.deleted'))[0]).toMatchObject({ target: { id, name: 'gone' } });
    expect((await create('gone')).status).toBe(201);
  });

  it('is refused to strangers and other tenants', async () => {
    const device = (await create('mine')).body;
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/token'],
    ] as const) {
      const options = method === 'PUT' ? { body: { name: 'x', site: 'north' } } : {};
      expect((await bob.call(method, `/devices/${device.id}${path}`, options)).status).toBe(404);
      expect((await alice.call(method, `/devices/mine${path}`, { ...options, token: null })).status).toBe(
        401,
      );
    }
  });
});

describe('POST /devices/{device}/token', () => {
  it('gives a new token and ends the old one', async () => {
    const { id, token } = (await create('rotated')).body;
    const rotated = await alice.call('POST', '/devices/rotated/token');
    expect(rotated).toMatchObject({
      status: 201,
      body: { heartbeat: { url: 'https://watch.example/heartbeat' } },
    });
    expect(rotated.body.token).not.toBe(token);
    expect(await tokenHash(id)).toEqual(hashSecret(rotated.body.token));
    expect((await audit('device.token_rotated'))[0]).toMatchObject({ target: { id } });
    expect((await alice.call('POST', '/devices/rotated/token', { token: alice.readKey })).status).toBe(403);
    expect((await alice.call('POST', '/devices/ghost/token')).status).toBe(404);
  });
});
