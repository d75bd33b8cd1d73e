import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { type NinjaOne, ninjaCredentials, startNinjaOne } from '../../../demo/simulators/ninjaone.ts';
import { accessToken, startUnifiAccess, type UnifiAccess } from '../../../demo/simulators/unifi-access.ts';
import { networkKey, startUnifiNetwork, type UnifiNetwork } from '../../../demo/simulators/unifi-network.ts';
import { runDueChecks } from '../index.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let bob: Tenant;
let ninja: NinjaOne;
let access: UnifiAccess;
let network: UnifiNetwork;

beforeAll(async () => {
  // Starts at the real time, because results are in partitions around today; then it is moved by hand.
  clock = testClock(new Date());
  [house, ninja, access, network] = [
    await testApp({ clock }),
    await startNinjaOne(),
    await startUnifiAccess(),
    await startUnifiNetwork(),
  ];
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  await house.app.workOnce(1_000);
  await alice.call('POST', '/sites', { body: { slug: 'club', name: 'Club', timezone: 'America/Halifax' } });
  ninja.devices.push({ id: 4101, offline: false, displayName: 'BAY-1' });
});
afterAll(async () => {
  await house.close();
  for (const simulator of [ninja, access, network]) await simulator[Symbol.asyncDispose]();
});

const rmm = (more: object = {}) => ({
  slug: 'rmm',
  kind: 'ninjaone',
  config: { base_url: ninja.url, ...ninjaCredentials },
  ...more,
});
const create = async (body: object) => {
  const made = await alice.call('POST', '/sources', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made;
};
const read = async (slug: string) => (await alice.call('GET', `/sources/${slug}`)).body;
const remove = async (...slugs: string[]) => {
  for (const slug of slugs) expect((await alice.call('DELETE', `/sources/${slug}`)).status).toBe(204);
};
const device = async (slug: string, more: object = {}) => {
  const made = await alice.call('POST', '/devices', { body: { slug, site: 'club', ...more } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.token;
};
/** Makes a reading, then runs the checks that judge by it. */
const round = async (seconds = 60) => {
  clock.advance(seconds);
  await runDueChecks(house.ctx);
  clock.advance(1);
  await runDueChecks(house.ctx);
  await house.app.workOnce(1_000);
};
const objects = async (slug: string, query = '') =>
  (await alice.call('GET', `/sources/${slug}/objects${query}`)).body.data;

describe('the sources of an organization', () => {
  test('are made with their check, read, changed and deleted, each write in the audit', async () => {
    const made = await create(rmm({ name: 'NinjaOne' }));
    expect(made.body).toMatchObject({
      slug: 'rmm',
      name: 'NinjaOne',
      interval: 60,
      timeout: 30,
      alert_after_failures: 2,
      check: 'source:rmm',
      config: { region: 'us', client_id: 'sim-client', client_secret: '***' },
      state: { status: 'pending', last_reading: null, fresh: false, objects: 0 },
    });
    expect(made.headers.location).toBe('/api/v1/alice/sources/rmm');
    expect((await alice.call('GET', '/checks/source:rmm')).body).toMatchObject({
      kind: 'source',
      name: 'NinjaOne',
      interval: 60,
      retries: 0,
    });
    await round();
    expect((await read('rmm')).state).toMatchObject({ status: 'up', fresh: true, objects: 1 });

    // The secret is left out, and kept.
    const changed = await alice.call('PUT', '/sources/rmm', {
      body: { name: 'RMM', config: { base_url: ninja.url, client_id: 'sim-client' }, interval: '30s' },
      headers: { 'if-match': String(made.headers.etag) },
    });
    expect(changed).toMatchObject({ status: 200, body: { name: 'RMM', interval: 30 } });
    const stale = await alice.call('PUT', '/sources/rmm', {
      body: rmm(),
      headers: { 'if-match': String(made.headers.etag) },
    });
    expect(stale.status).toBe(412);
    await round();
    expect((await read('rmm')).state).toMatchObject({ status: 'up', objects: 1 });
    expect((await alice.call('GET', '/sources')).body.data).toHaveLength(1);

    await remove('rmm');
    for (const path of ['/sources/rmm', '/checks/source:rmm'])
      expect((await alice.call('GET', path)).status).toBe(404);
    const { data } = (await alice.call('GET', '/audit?limit=10')).body;
    const actions = data.map((entry: { action: string }) => entry.action);
    expect(actions.slice(0, 3)).toEqual(['source.deleted', 'source.updated', 'source.created']);
    expect(JSON.stringify(data)).not.toContain(ninjaCredentials.client_secret);
  });

  test.each<[string, object, string]>([
    ['an unknown kind', { kind: 'crystal_ball' }, 'kind'],
    ['a config with an unknown field', { config: { ...ninjaCredentials, urls: [] } }, 'config.urls'],
    ['no secret', { config: { client_id: 'a' } }, 'config.client_secret'],
    ['an interval longer than a reading counts', { interval: '5m' }, 'interval'],
    ['a timeout of an hour', { timeout: '1h' }, 'timeout'],
    ['an unknown site', { site: 'nowhere' }, 'site'],
  ])('are refused with %s', async (_what, wrong, field) => {
    const answer = await alice.call('POST', '/sources', { body: rmm({ slug: 'wrong', ...wrong }) });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
  });

  test('need a credential that may write, and are hidden from other organizations', async () => {
    await create(rmm());
    expect((await alice.call('POST', '/sources', { body: rmm() })).status).toBe(409);
    expect((await alice.call('POST', '/sources', { body: rmm(), token: alice.readKey })).status).toBe(403);
    expect((await alice.call('POST', '/sources/rmm/test', { token: alice.readKey })).status).toBe(403);
    for (const path of ['/sources/rmm', '/sources/rmm/objects'])
      expect((await bob.call('GET', path)).status).toBe(404);
    expect((await bob.call('PUT', '/sources/rmm', { body: { config: {} } })).status).toBe(404);
    expect((await bob.call('DELETE', '/sources/rmm')).status).toBe(404);
    expect((await bob.call('POST', '/sources/rmm/test')).status).toBe(404);
    expect(
      (await bob.call('POST', '/sources/rmm/links', { body: { ref: '4101', device: 'x' } })).status,
    ).toBe(404);
    await remove('rmm');
  });

  test('never send their secret to another address', async () => {
    await create(rmm());
    const moved = { base_url: access.url, client_id: 'sim-client' };
    for (const config of [moved, { ...moved, client_secret: '***' }]) {
      const answer = await alice.call('PUT', '/sources/rmm', { body: { config } });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'config.client_secret' }] } });
    }
    const entered = { ...moved, client_secret: 'another' };
    expect((await alice.call('PUT', '/sources/rmm', { body: { config: entered } })).status).toBe(200);
    await remove('rmm');
  });

  test('keep their slug and their kind', async () => {
    await create(rmm());
    for (const [field, value] of [
      ['slug', 'other'],
      ['kind', 'unifi_access'],
    ] as const) {
      const answer = await alice.call('PUT', '/sources/rmm', { body: { ...rmm(), [field]: value } });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
    await remove('rmm');
  });

  test('own their check: it cannot be made, changed or deleted separately', async () => {
    await create(rmm());
    const check = { slug: 'mine', kind: 'source', config: { source: 'rmm' } };
    expect((await alice.call('POST', '/checks', { body: check })).status).toBe(409);
    expect((await alice.call('PUT', '/checks/source:rmm', { body: { config: check.config } })).status).toBe(
      409,
    );
    expect((await alice.call('DELETE', '/checks/source:rmm')).status).toBe(409);
    const kinds = (await alice.call('GET', '/check-kinds')).body.data;
    expect(kinds.map((kind: { kind: string }) => kind.kind)).not.toContain('source');
    const known = (await alice.call('GET', '/source-kinds')).body.data;
    expect(known.map((kind: { kind: string }) => kind.kind)).toEqual([
      'ninjaone',
      'unifi_access',
      'unifi_network',
    ]);
    await remove('rmm');
  });
});

describe('a reading', () => {
  test('by hand answers with every step in words, and counts', async () => {
    await create(rmm());
    const run = await alice.call('POST', '/sources/rmm/test');
    expect(run).toMatchObject({
      status: 200,
      body: { outcome: 'ok', reason: '1 object read.', details: { objects: 1, complete: true } },
    });
    expect(run.body.log.map(({ line }: { line: string }) => line).join('\n')).toMatch(
      /asking for a token[\s\S]*\/v2\/devices-detailed: 200/,
    );
    expect(await objects('rmm')).toHaveLength(1);
    await remove('rmm');
  });

  test('with a wrong secret fails with a reason, and opens one alert of the source', async () => {
    const config = { base_url: ninja.url, client_id: 'sim-client', client_secret: 'wrong' };
    await create(rmm({ name: 'NinjaOne', config, alert_after_failures: 3 }));
    expect((await read('rmm')).state.failing).toBeNull();
    await round();
    // It is shown at once, but called down and told only after enough failures.
    const { status, failing } = (await read('rmm')).state;
    expect([status, failing.readings, failing.reason]).toEqual([
      'pending',
      1,
      'It does not accept the client id and secret.',
    ]);
    expect(Date.parse(failing.since)).toBeLessThanOrEqual(clock.now());
    await round();
    expect((await read('rmm')).state.failing).toEqual({ ...failing, readings: 2 });
    expect((await alice.call('GET', '/sources')).body.data[0].state.failing.readings).toBe(2);
    expect((await alice.call('GET', '/alerts?status=active')).body.data).toEqual([]);
    await round();
    expect((await read('rmm')).state).toMatchObject({
      status: 'down',
      reason: 'It does not accept the client id and secret.',
      failing: null,
      last_reading: null,
    });
    const open = (await alice.call('GET', '/alerts?status=active')).body.data;
    expect(open.map((alert: { title: string }) => alert.title)).toEqual(['NinjaOne is down']);
    // With the right secret it is read at once.
    await alice.call('PUT', '/sources/rmm', { body: { ...rmm(), name: 'NinjaOne' } });
    await round();
    expect((await read('rmm')).state).toMatchObject({ status: 'up', fresh: true });
    expect((await alice.call('GET', '/alerts?status=active')).body.data).toEqual([]);
    await remove('rmm');
  });

  test('that was told to wait sends no request before the time is up, in any process', async () => {
    await create(rmm());
    ninja.fail({ kind: 'status', status: 429, retryAfter: '150' });
    await round();
    const asked = ninja.asked.length;
    const { state } = await read('rmm');
    expect(state.not_before).not.toBeNull();
    expect((await alice.call('GET', '/checks/source:rmm')).body.state).toMatchObject({
      consecutive_failures: 1,
      last_result: { reason: `It asks for fewer calls: the next call is not before ${state.not_before}.` },
    });
    expect(state).toMatchObject({ status: 'pending', failing: { readings: 1 } });
    const hits = (await alice.call('GET', '/search?q=rmm')).body.data;
    expect(hits).toMatchObject([{ kind: 'source', slug: 'rmm', status: 'failing' }]);
    ninja.heal();
    await round();
    expect(ninja.asked).toHaveLength(asked);
    expect((await read('rmm')).state.status).toBe('down');
    await round(90);
    expect((await read('rmm')).state).toMatchObject({ status: 'up', not_before: null });
    await remove('rmm');
  });

  test('whose secrets were sealed under another key is unknown, and notifies nobody', async () => {
    await create(rmm());
    const { sql } = await import('kysely');
    await house.ctx.db.system((tx) => sql`update sources set secrets = 'v1.AAAA'`.execute(tx));
    const asked = ninja.asked.length;
    await round();
    expect((await read('rmm')).state).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('another key'),
    });
    expect(ninja.asked).toHaveLength(asked);
    await remove('rmm');
  });
});

describe('an object that a source lists', () => {
  test('is offered with the device that it looks like: by MAC, then host name, then name', async () => {
    await create(rmm());
    await device('02:00:00:00:00:77');
    await device('counter-pc', { name: 'Front desk' });
    await device('bay-1');
    ninja.devices.push(
      { id: 4201, offline: false, displayName: 'bay-1', macAddresses: ['02-00-00-00-00-77'] },
      { id: 4202, offline: false, displayName: 'DESK', dnsName: 'COUNTER-PC.club.lan' },
      { id: 4203, offline: false, displayName: 'front  Desk!' },
      { id: 4204, offline: false, displayName: 'Nobody knows' },
    );
    await round();
    const suggested = Object.fromEntries(
      (await objects('rmm')).map(({ ref, suggestion }: { ref: string; suggestion: unknown }) => [
        ref,
        suggestion,
      ]),
    );
    expect(suggested).toEqual({
      '4101': { device: 'bay-1', by: 'name' },
      '4201': { device: '02:00:00:00:00:77', by: 'mac' },
      '4202': { device: 'counter-pc', by: 'hostname' },
      '4203': { device: 'counter-pc', by: 'name' },
      '4204': null,
    });
    expect(await objects('rmm', '?q=desk')).toHaveLength(2);
    const link = await alice.call('POST', '/sources/rmm/links', { body: { ref: '4101', device: 'bay-1' } });
    expect(link).toMatchObject({
      status: 201,
      body: { slug: 'bay-1.rmm', kind: 'ninjaone', device: 'bay-1', config: { source: 'rmm', ref: '4101' } },
    });
    expect(await objects('rmm', '?linked=yes')).toMatchObject([
      { ref: '4101', linked: [{ device: 'bay-1', check: 'bay-1.rmm' }], suggestion: null },
    ]);
    expect((await read('rmm')).state).toMatchObject({ objects: 5, linked: 1 });
    const page = (await alice.call('GET', '/sources/rmm/objects?limit=2')).body;
    expect(page.data).toHaveLength(2);
    const next = (await alice.call('GET', `/sources/rmm/objects?limit=2&cursor=${page.next_cursor}`)).body;
    expect(next.data[0].ref).toBe('4202');
    await remove('rmm');
  });

  test('can only be linked as listed, and to an existing device; a check must name an existing source', async () => {
    await create(rmm());
    await round();
    const link = (body: object) => alice.call('POST', '/sources/rmm/links', { body });
    expect(await link({ ref: 'no such', device: 'bay-1' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'ref' }] },
    });
    expect(await link({ ref: '4101', device: 'nobody' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'device' }] },
    });
    const check = { slug: 'x', kind: 'unifi_access', config: { source: 'rmm', ref: '4101' } };
    expect(await alice.call('POST', '/checks', { body: check })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'config.source' }] },
    });
    await remove('rmm');
    // Its source is deleted; its devices are unknown.
    await round();
    expect((await alice.call('GET', '/checks/bay-1.rmm')).body.state).toMatchObject({
      status: 'unknown',
      reason: 'There is no source "rmm" any more.',
    });
    expect((await alice.call('DELETE', '/checks/bay-1.rmm')).status).toBe(204);
  });

  test('that disappears is offline where a check watches it, and forgotten elsewhere', async () => {
    const client = (id: string) => ({
      id,
      name: id,
      macAddress: '02:00:00:00:00:01',
      type: 'WIRED' as const,
      connectedAt: '2026-11-20T08:01:12Z',
    });
    network.clients.push(client('till'), client('phone'));
    await create({
      slug: 'lan',
      kind: 'unifi_network',
      config: { base_url: network.url, api_key: networkKey },
    });
    await device('till');
    await round();
    await alice.call('POST', '/sources/lan/links', { body: { ref: 'till', device: 'till' } });
    await round();
    await house.app.workOnce(1_000);
    const status = async () => (await alice.call('GET', '/devices/till/state')).body.status;
    expect(await status()).toBe('online');
    network.clients.length = 0;
    await round();
    await round();
    await round();
    expect(await objects('lan')).toMatchObject([{ ref: 'till', state: 'offline', fresh: true }]);
    expect((await alice.call('GET', '/checks/till.lan')).body.state.status).toBe('down');
    expect(await status()).toBe('offline');
    await remove('lan');
    await alice.call('DELETE', '/checks/till.lan');
  });
});

test('hundreds of devices of one source are judged in one pass, however many wait for one target', async () => {
  const count = 300;
  for (let id = 6_001; id <= 6_000 + count; id += 1)
    ninja.devices.push({ id, offline: id % 2 === 0, displayName: `fleet-${id}` });
  const checks = Array.from({ length: count }, (_one, index) => ({
    slug: `fleet-${6_001 + index}`,
    kind: 'ninjaone',
    config: { source: 'rmm', ref: String(6_001 + index) },
    interval: 30,
    alert_after_failures: 100,
  }));
  const applied = await alice.call('POST', '/apply', { body: { manifest: { sources: [rmm()], checks } } });
  expect(applied.status, JSON.stringify(applied.body).slice(0, 500)).toBe(200);
  await runDueChecks(house.ctx);
  clock.advance(30);
  expect(await runDueChecks(house.ctx)).toBeGreaterThanOrEqual(count);
  const { data } = (await alice.call('GET', '/checks?kind=ninjaone&limit=500')).body;
  const outcomes = data.map(
    (check: { state: { last_result: { outcome: string } | null } }) => check.state.last_result?.outcome,
  );
  expect(outcomes.filter((outcome: string) => outcome === 'ok')).toHaveLength(count / 2);
  expect(outcomes.filter((outcome: string) => outcome === 'failed')).toHaveLength(count / 2);
  await alice.call('POST', '/apply', { body: { manifest: { sources: [], checks: [] }, prune: true } });
  expect((await alice.call('GET', '/checks')).body.data).toEqual([]);
});

test('a door gets its state from its hub and from its log', async () => {
  access.doors.push({
    id: 'door-1',
    name: 'North',
    door_lock_relay_status: 'lock',
    door_position_status: null,
  });
  access.hubs.push({ id: '7483c2000001', name: 'UA', type: 'UAH', location_id: 'door-1', is_online: true });
  await create({
    slug: 'doors',
    kind: 'unifi_access',
    name: 'Doors',
    config: { base_url: access.url, token: accessToken },
  });
  await device('north', { type: 'door_controller' });
  await round();
  await alice.call('POST', '/sources/doors/links', { body: { ref: 'door-1', device: 'north' } });
  access.events.push({
    door: 'door-1',
    at: clock.now() + 30_000,
    result: 'ACCESS',
    credential: 'NFC',
    actor: 'Dana Example',
  });
  await round();
  const sources = (await alice.call('GET', '/devices/north/sources')).body;
  expect(sources.data).toMatchObject([
    { witness: 'access_log', source: 'doors', state: 'online', fresh: true },
    { witness: 'access', source: 'doors', check: 'north.doors', state: 'online', counts_as: 'online' },
  ]);
  expect(sources.data[0].words).toMatch(/^It was opened by NFC \d+ s ago\.$/);
  expect(sources).toMatchObject({ status: 'online', order: expect.arrayContaining(['agent', 'rmm']) });
  expect(JSON.stringify(await objects('doors'))).not.toContain('Dana');
  expect((await bob.call('GET', '/devices/north/sources')).status).toBe(404);
  await remove('doors');
  await alice.call('DELETE', '/checks/north.doors');
});

test('our own agent judges its host, and a host over its limits is degraded, not down', async () => {
  const token = await device('host-1');
  const check = { slug: 'host-1.figures', kind: 'agent', config: { cpu_max: 90 } };
  expect(await alice.call('POST', '/checks', { body: check })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'device' }] },
  });
  const own = { ...check, device: 'host-1', interval: 30, alert_after_failures: 2 };
  expect((await alice.call('POST', '/checks', { body: own })).status).toBe(201);
  const beat = async (cpu_usage: number) => {
    const body = { device_id: 'host-1', tenant_id: 'alice', store_id: 'club', status: 'online', cpu_usage };
    expect((await house.call('POST', '/heartbeat', { token, body })).status).toBe(202);
  };
  const state = async () => (await alice.call('GET', '/checks/host-1.figures')).body.state;
  await beat(40);
  await round(30);
  expect(await state()).toMatchObject({ status: 'up', last_result: { reason: 'CPU 40 %.' } });
  for (let turn = 0; turn < 2; turn += 1) {
    await beat(97);
    await round(30);
  }
  expect(await state()).toMatchObject({ status: 'down', reason: 'CPU 97 %, at most 90.' });
  const [record] = (await alice.call('GET', '/device-status?site=club')).body.data.filter(
    (one: { device: string }) => one.device === 'host-1',
  );
  expect(record).toMatchObject({ status: 'degraded', pc_online: true, flag_type: 'degraded' });
  // The agent is silent: its last figures are too old.
  await round(300);
  expect(await state()).toMatchObject({ status: 'unknown', reason: expect.stringMatching(/silent for/) });
});

test('status records are read page by page, and by site, area and type', async () => {
  const page = (await alice.call('GET', '/device-status?limit=2')).body;
  expect(page.data).toHaveLength(2);
  const rest = (await alice.call('GET', `/device-status?limit=500&cursor=${page.next_cursor}`)).body;
  const all = [...page.data, ...rest.data].map((one: { device: string }) => one.device);
  expect(all).toEqual(all.toSorted());
  expect((await alice.call('GET', '/device-status?type=door_controller')).body.data).toMatchObject([
    { device: 'north', type: 'door_controller', location: 'club', bay: null },
  ]);
  expect((await alice.call('GET', '/device-status?site=nowhere')).body.data).toEqual([]);
  expect((await bob.call('GET', '/device-status?site=club')).body.data).toEqual([]);
});
