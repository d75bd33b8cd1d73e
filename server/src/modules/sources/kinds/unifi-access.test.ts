import { afterEach, beforeEach, expect, test } from 'vitest';
import { testCertificate } from '#platform/outbound/test-certificate';
import { accessToken, startUnifiAccess, type UnifiAccess } from '../../../demo/simulators/unifi-access.ts';
import { reader, stateOf } from '../sources.fixture.ts';

let access: UnifiAccess;

beforeEach(async () => {
  access = await startUnifiAccess();
  furnish(access);
});
afterEach(() => access[Symbol.asyncDispose]());

function furnish(console: UnifiAccess): void {
  const door = (id: string, name: string) =>
    ({ id, name, door_lock_relay_status: 'lock', door_position_status: null }) as const;
  console.doors.push(door('door-north', 'North'), door('door-south', 'South'), door('door-yard', 'Yard'));
  const hub = (id: string, location_id: string, is_online: boolean) => ({
    id,
    name: 'UA-HUB',
    alias: `Hub ${id}`,
    type: 'UAH',
    location_id,
    is_online,
  });
  console.hubs.push(
    hub('7483c2000001', 'door-north', true),
    hub('7483c2000002', 'door-south', false),
    hub('7483c2000003', 'door-north', false),
  );
}

const doors = (more: object = {}) =>
  reader('unifi_access', { base_url: access.url, token: accessToken, ...more });

test('a door has the state of its hubs, and is unknown without one', async () => {
  const reading = await doors().read();
  expect(stateOf(reading, 'door-north')).toBe('online');
  expect(stateOf(reading, 'door-south')).toBe('offline');
  expect(stateOf(reading, 'door-yard')).toBe('unknown');
  const [north] = reading.objects;
  expect(north?.details).toMatchObject({
    lock: 'lock',
    position: null,
    hubs: 2,
    hubs_offline: ['Hub 7483c2000003'],
  });
  expect(reading.objects.find(({ externalId }) => externalId === '7483c2000001')).toMatchObject({
    state: 'online',
    macs: ['74:83:c2:00:00:01'],
    details: { kind: 'hub', door: 'door-north' },
  });
});

test('the log is read page by page, and says when and how a door was opened, never by whom', async () => {
  const source = doors();
  const event = (door: string, secondsAgo: number, credential: string) =>
    access.events.push({
      door,
      at: source.now() - secondsAgo * 1_000,
      result: 'ACCESS',
      credential,
      actor: 'Dana Example',
    });
  for (let index = 0; index < 150; index += 1) event('door-north', 100 + index, 'NFC');
  event('door-north', 20, 'PIN_CODE');
  event('door-south', 3_000, 'NFC');
  const reading = await source.read();
  const lastOf = (id: string) =>
    reading.objects.find(({ externalId }) => externalId === id)?.details.last_event;
  expect(lastOf('door-north')).toEqual({
    at: new Date(source.now() - 20_000).toISOString(),
    what: 'access.door.unlock',
    result: 'ACCESS',
    credential: 'PIN_CODE',
  });
  expect(lastOf('door-south')).toMatchObject({ credential: 'NFC' });
  expect(JSON.stringify(reading)).not.toContain('Dana');
  expect(access.asked.filter((line) => line.includes('/system/logs?page_num='))).toHaveLength(2);

  // The next reading continues where this one ended, with a little overlap.
  source.advance(60);
  access.asked.length = 0;
  const next = await source.read({ bookmark: reading.bookmark });
  expect(access.asked.filter((line) => line.includes('/system/logs'))).toHaveLength(1);
  expect(
    next.objects.find(({ externalId }) => externalId === 'door-south')?.details.last_event,
  ).toBeUndefined();
});

test('an error that comes with the status 200 is an error', async () => {
  access.settings.code = 'CODE_SYSTEM_ERROR';
  await expect(doors().read()).rejects.toThrow('/doors answered an error (CODE_SYSTEM_ERROR).');
});

test('a token that is not accepted is reported as such', async () => {
  await expect(doors({ token: 'other' }).read()).rejects.toThrow(/does not accept the credential \(401\)/);
});

test('data of another shape fails the reading', async () => {
  access.fail({ kind: 'json', body: { code: 'SUCCESS', data: [{ id: 'flat' }] } }, { path: /devices/ });
  await expect(doors().read()).rejects.toThrow(/an answer of an unexpected shape/);
});

test('an odd door, hub or log entry affects only itself and is reported; nulls are not odd', async () => {
  const answer = (path: RegExp, data: unknown) =>
    access.fail({ kind: 'json', body: { code: 'SUCCESS', msg: 'success', data } }, { path });
  const north = { id: 'door-north', name: 'North', full_name: null, door_position_status: null, extra: {} };
  answer(/doors/, [north, { name: 'without an id' }, null]);
  const doorless = await doors().read();
  expect(stateOf(doorless, 'door-north')).toBe('online');
  expect(doorless.warnings).toEqual([
    'An item of /doors could not be read: it must have required properties id.',
    'An item of /doors could not be read: it must be object.',
  ]);

  answer(/devices/, [
    [{ id: '7483c2000001', location_id: 'door-north', is_online: true }, { alias: 'no id' }],
    null,
    [],
  ]);
  const hubless = await doors().read();
  expect(stateOf(hubless, 'door-north')).toBe('online');
  expect(stateOf(hubless, 'door-south')).toBe('unknown');
  expect(hubless.warnings).toHaveLength(2);

  answer(/devices/, [[{ id: '7483c2000001', location_id: null, is_online: null, alias: null }]]);
  expect(stateOf(await doors().read(), '7483c2000001')).toBe('unknown');

  const event = { type: 'access.door.unlock', result: 'ACCESS', published: 1_790_000_000_000 };
  answer(/logs/, {
    hits: [
      { _source: { event, authentication: null, target: [null, { id: 'door-north', type: null }] } },
      { _source: { event: null } },
      { nothing: true },
    ],
  });
  const logless = await doors().read();
  expect(
    logless.objects.find(({ externalId }) => externalId === 'door-north')?.details.last_event,
  ).toMatchObject({
    what: 'access.door.unlock',
    credential: null,
  });
  expect(logless.warnings).toHaveLength(2);
  answer(/logs/, { hits: null });
  expect((await doors().read()).warnings).toEqual([]);
});

test('a self-signed console is refused, and read when its certificate is accepted', async () => {
  await using sealed = await startUnifiAccess({ tls: testCertificate });
  furnish(sealed);
  await expect(doors({ base_url: sealed.url }).read()).rejects.toThrow(/self-signed|signed/i);
  const reading = await doors({ base_url: sealed.url, skip_verify: true }).read();
  expect(stateOf(reading, 'door-north')).toBe('online');
});
