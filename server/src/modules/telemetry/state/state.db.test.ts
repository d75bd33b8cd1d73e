import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markWatched, readDeviceStates, registerArrivalCheck, setDeviceStatus } from '#modules/telemetry';
import { nowDate } from '#platform/clock';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';

let house: TestApp;
let second: TestApp;
let clock: TestClock;
let organizationId: string;
const tokens = new Map<string, string>();
const ids = new Map<string, string>();

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  second = await testApp({ clock, database: house.database });
  for (const slug of ['north', 'south']) {
    await house.call('POST', '/api/v1/default/sites', {
      body: { slug, name: `Site ${slug}`, timezone: 'UTC' },
    });
  }
  await house.call('POST', '/api/v1/default/sites/north/areas', { body: { slug: 'hall', name: 'Hall' } });
  organizationId = (await house.call('GET', '/api/v1/orgs/default')).body.id;
  await addDevice('alpha', { site: 'north', area: 'hall', name: 'Alpha PC' });
  await addDevice('beta', { site: 'north' });
  await addDevice('gamma', { site: 'south' });
  await addDevice('silent', { site: 'south' });
});
afterAll(async () => {
  await second.close();
  await house.close();
});

async function addDevice(slug: string, fields: object, org = 'default') {
  const created = await house.call('POST', `/api/v1/${org}/devices`, { body: { slug, ...fields } });
  tokens.set(slug, created.body.token);
  ids.set(slug, created.body.id);
}

const idOf = (slug: string) => ids.get(slug) ?? '';
const beat = (slug: string, fields: object = {}, app = house) =>
  app.call('POST', '/heartbeat', {
    token: tokens.get(slug) ?? null,
    body: { device_id: slug, tenant_id: 'default', store_id: 'north', status: 'ok', ...fields },
  });
const states = async (query = '') => (await house.call('GET', `/api/v1/default/states${query}`)).body;
const slugs = (page: { data: { device_id: string }[] }) => page.data.map((state) => state.device_id);

test('states are listed by slug with place, source and freshness, and filtered', async () => {
  await beat('alpha', { cpu_usage: 12 });
  await beat('beta', { status: 'error' });
  clock.advance(130);
  await beat('gamma');
  const all = await states();
  expect(slugs(all)).toEqual(['alpha', 'beta', 'gamma', 'silent']);
  expect(all.data[0]).toMatchObject({
    name: 'Alpha PC',
    site: { slug: 'north', name: 'Site north' },
    area: { slug: 'hall', name: 'Hall' },
    status: 'online',
    source: { kind: 'heartbeat', age_seconds: 130, fresh: false },
    values: { cpu_usage: 12 },
  });
  expect(all.data[3]).toMatchObject({
    status: 'unknown',
    last_seen_at: null,
    source: { fresh: false, age_seconds: null },
  });
  expect(slugs(await states('?status=degraded,unknown'))).toEqual(['beta', 'silent']);
  expect(slugs(await states('?site=south'))).toEqual(['gamma', 'silent']);
  expect(slugs(await states('?area=hall'))).toEqual(['alpha']);
  expect(slugs(await states('?q=LPHA'))).toEqual(['alpha']);
  const first = await states('?limit=3');
  expect(slugs(await states(`?limit=3&cursor=${first.next_cursor}`))).toEqual(['silent']);
});

test('bad filters are 400, no credential 401, another organization 404', async () => {
  expect((await house.call('GET', '/api/v1/default/states?status=broken')).status).toBe(400);
  expect((await house.call('GET', '/api/v1/default/states?cursor=x')).status).toBe(400);
  expect((await house.call('GET', '/api/v1/default/states', { token: null })).status).toBe(401);
  expect((await house.call('GET', '/api/v1/nobody/states')).status).toBe(404);
  expect((await house.call('GET', '/api/v1/default/devices/ghost/state')).status).toBe(404);
  expect((await house.call('GET', '/api/v1/default/devices/alpha/state')).body.device_id).toBe('alpha');
});

test('status and history of a device may be read only with its own token or with the scope read', async () => {
  const read = async (token: string | null, path = '/heartbeat/alpha/status') =>
    (await house.call('GET', path, { token })).status;
  expect(await read(tokens.get('alpha') ?? '')).toBe(200);
  expect(await read(tokens.get('alpha') ?? '', '/heartbeat/alpha/history?hours=1')).toBe(200);
  expect(await read(tokens.get('beta') ?? '')).toBe(409);
  expect(await read(null)).toBe(401);
  expect(await read('wkd_wrong')).toBe(401);
  const writer = await house.call('POST', '/api/v1/default/api-keys', {
    body: { name: 'writer', scopes: ['telemetry:write'] },
  });
  expect(await read(writer.body.key)).toBe(403);
  const reader = await house.call('POST', '/api/v1/default/api-keys', {
    body: { name: 'reader', scopes: ['read'] },
  });
  expect(await read(reader.body.key)).toBe(200);
  expect(await read(reader.body.key, '/heartbeat/ghost/status')).toBe(404);
  expect(await read(reader.body.key, '/heartbeat/alpha/history?cursor=zzz')).toBe(400);
  expect(await read(reader.body.key, '/heartbeat/alpha/history?hours=-1')).toBe(400);
});

test('a device id that two organizations use needs the organization', async () => {
  await house.call('POST', '/api/v1/orgs', { body: { slug: 'rival', name: 'Rival' } });
  await house.call('POST', '/api/v1/rival/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  await house.call('POST', '/api/v1/rival/devices', { body: { slug: 'alpha', site: 'north' } });
  expect((await house.call('GET', '/heartbeat/alpha/status')).status).toBe(409);
  const named = await house.call('GET', '/heartbeat/alpha/status?tenant_id=rival');
  expect(named.body).toMatchObject({ tenant_id: 'rival', status: 'unknown' });
  const key = await house.call('POST', '/api/v1/rival/api-keys', { body: { name: 'own', scopes: ['read'] } });
  expect((await house.call('GET', '/heartbeat/alpha/status', { token: key.body.key })).body.tenant_id).toBe(
    'rival',
  );
  expect((await house.call('GET', '/heartbeat/beta/status', { token: key.body.key })).status).toBe(404);
  expect(
    (await house.call('GET', '/heartbeat/beta/status?tenant_id=default', { token: key.body.key })).status,
  ).toBe(404);
});

test('a higher floor sets a status and the next heartbeat corrects it; both have their time', async () => {
  await house.ctx.db.system((tx) =>
    setDeviceStatus(house.ctx, tx, [idOf('alpha')], 'offline', nowDate(clock)),
  );
  const down = (await house.call('GET', '/api/v1/default/devices/alpha/state')).body;
  expect(down).toMatchObject({ status: 'offline', status_since: new Date(clock.now()).toISOString() });
  clock.advance(5);
  await house.ctx.db.system((tx) =>
    setDeviceStatus(house.ctx, tx, [idOf('alpha')], 'offline', nowDate(clock)),
  );
  expect((await house.call('GET', '/api/v1/default/devices/alpha/state')).body.status_since).toBe(
    down.status_since,
  );
  await beat('alpha');
  const [state] = await house.ctx.db.tenant(organizationId, (tx) =>
    readDeviceStates(house.ctx, tx, organizationId, [idOf('alpha')]),
  );
  expect(state).toMatchObject({ status: 'online', status_since: new Date(clock.now()).toISOString() });
});

test('a heartbeat that meets a sweep in progress waits for it and ends online', async () => {
  await beat('alpha');
  clock.advance(200);
  let arrival: Promise<{ body: { device_status: string } }> | undefined;
  await house.ctx.db.system(async (tx) => {
    await sql`select from device_state where device_id = ${idOf('alpha')} for update`.execute(tx);
    arrival = beat('alpha');
    await setDeviceStatus(house.ctx, tx, [idOf('alpha')], 'offline', nowDate(clock));
  });
  expect((await arrival)?.body.device_status).toBe('online');
  expect((await house.call('GET', '/api/v1/default/devices/alpha/state')).body.status).toBe('online');
});

async function attention(): Promise<number> {
  const { rows } = await house.ctx.db.system((tx) =>
    sql<{ jobs: number }>`select count(*)::int as jobs from domain_events
      where event = 'telemetry.devices_need_attention'`.execute(tx),
  );
  return rows[0]?.jobs ?? 0;
}

test('a watched device and a flagged value are published, a plain heartbeat is not', async () => {
  const told = async (fields: object = {}) => {
    clock.advance(10);
    const before = await attention();
    await beat('beta', { status: 'ok', ...fields });
    return (await attention()) > before;
  };
  await told();
  expect(await told()).toBe(false);
  await house.ctx.db.system((tx) => markWatched(tx, [idOf('beta')], true));
  expect(await told()).toBe(true);
  await house.ctx.db.system((tx) => markWatched(tx, [idOf('beta')], false));
  expect(await told()).toBe(false);
  const unregister = registerArrivalCheck(
    house.ctx,
    ({ metrics, siteId }) => siteId !== '' && (metrics?.queue ?? 0) > 5,
  );
  expect(await told({ metrics: { queue: 6 } })).toBe(true);
  expect(await told({ metrics: { queue: 5 } })).toBe(false);
  unregister();
  expect(await told({ metrics: { queue: 6 } })).toBe(false);
});

test('two processes take heartbeats of the same devices at once: all are stored, without a deadlock', async () => {
  const count = 40;
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      ['gamma', 'alpha', 'beta'].map((slug) =>
        beat(slug, { sequence: 1000 + index }, index % 2 === 0 ? house : second),
      ),
    ).flat(),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
  const duplicates = answers.filter((answer) => answer.body.duplicate);
  expect(duplicates).toEqual([]);
  for (const slug of ['alpha', 'beta', 'gamma']) {
    const { data } = (await house.call('GET', `/heartbeat/${slug}/history?hours=1&tenant_id=default`)).body;
    const sequences = data.flatMap((point: { sequence: number | null }) =>
      (point.sequence ?? 0) >= 1000 ? [point.sequence] : [],
    );
    expect(new Set(sequences).size).toBe(count);
    expect(sequences).toHaveLength(count);
  }
});

test('a token that is rotated in one process is refused by the other', async () => {
  expect((await beat('gamma', {}, second)).status).toBe(202);
  const old = tokens.get('gamma');
  tokens.set(
    'gamma',
    (await house.call('POST', '/api/v1/default/devices/gamma/token', { body: {} })).body.token,
  );
  const send = (token: string | undefined) =>
    second.call('POST', '/heartbeat', {
      token: token ?? null,
      body: { device_id: 'gamma', tenant_id: 'default', store_id: 'south', status: 'ok' },
    });
  await expect.poll(async () => (await send(old)).status).toBe(401);
  expect((await send(tokens.get('gamma'))).status).toBe(202);
});

test('a device that is moved reports under its new site', async () => {
  await beat('alpha');
  await house.call('PUT', '/api/v1/default/devices/alpha', {
    body: { slug: 'alpha', name: 'Alpha PC', site: 'south' },
  });
  await house.app.workOnce(50);
  const { rows } = await house.ctx.db.system((tx) =>
    sql<{ slug: string }>`select s.slug from device_state x join sites s on s.id = x.site_id
      where x.device_id = ${idOf('alpha')}`.execute(tx),
  );
  expect(rows[0]?.slug).toBe('south');
  const answer = await beat('alpha', { store_id: 'south' });
  expect(answer.body.warnings).toBeUndefined();
});
