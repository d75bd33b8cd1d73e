import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type NinjaOne, ninjaCredentials, startNinjaOne } from '../../../demo/simulators/ninjaone.ts';
import type { Fault } from '../../../demo/simulators/simulator.ts';
import { RateLimited } from '../call.ts';
import { reader, stateOf } from '../sources.fixture.ts';

let ninja: NinjaOne;

beforeEach(async () => {
  ninja = await startNinjaOne();
  for (const id of [11, 12, 13, 14, 15])
    ninja.devices.push({ id, offline: id === 13, displayName: `BAY-${id}`, organizationId: id < 14 ? 1 : 2 });
});
afterEach(() => ninja[Symbol.asyncDispose]());

const rmm = (more: object = {}) => reader('ninjaone', { base_url: ninja.url, ...ninjaCredentials, ...more });
const count = (path: string) => ninja.asked.filter((line) => line.includes(path)).length;

describe('devices', () => {
  test('are read in pages after the last id, never one by one', async () => {
    ninja.settings.pageSizeMax = 2;
    const reading = await rmm().read();
    expect(reading.objects.map((object) => object.externalId)).toEqual(['11', '12', '13', '14', '15']);
    expect(reading.complete).toBe(true);
    expect(stateOf(reading, '13')).toBe('offline');
    expect(count('/v2/devices-detailed')).toBe(4);
    expect(count('/v2/device/')).toBe(0);
  });

  test('are those of one organization when the config names one', async () => {
    const reading = await rmm({ organization_id: 2 }).read();
    expect(reading.objects.map((object) => object.externalId)).toEqual(['14', '15']);
  });

  test('have names, addresses and the last contact, which is never in our future', async () => {
    const source = rmm();
    ninja.devices.push({
      id: 20,
      offline: true,
      displayName: 'BAY-3-SIM',
      systemName: 'BAY3',
      dnsName: 'bay3.lan',
      macAddresses: ['02-00-00-00-00-77', 'nonsense'],
      lastContact: source.now() / 1_000 + 7_200.5,
      maintenance: { status: 'IN_MAINTENANCE' },
    });
    const object = (await source.read()).objects.find(({ externalId }) => externalId === '20');
    expect(object).toMatchObject({
      name: 'BAY-3-SIM',
      hostname: 'bay3.lan',
      macs: ['02:00:00:00:00:77'],
      details: { in_maintenance: true },
    });
    expect(object?.since?.getTime()).toBe(source.now());
  });

  test('that were decommissioned are not listed; those with a dead monitoring agent are unknown', async () => {
    ninja.devices.push(
      { id: 21, offline: true, displayName: 'old', approvalStatus: 'DECOMMISSIONED' },
      { id: 22, offline: true, displayName: 'switch', nodeClass: 'NMS_SWITCH', parentOffline: true },
    );
    const reading = await rmm().read();
    expect(stateOf(reading, '21')).toBeUndefined();
    expect(stateOf(reading, '22')).toBe('unknown');
  });
});

describe('an odd item', () => {
  const page = (path: RegExp, body: unknown) => ninja.fail({ kind: 'json', body }, { path, times: 1 });

  test('among the devices affects only itself: one without a state is unknown, one without an id is reported', async () => {
    page(/devices-detailed/, [
      {
        id: 11,
        offline: false,
        displayName: null,
        macAddresses: null,
        lastContact: null,
        maintenance: null,
        extra: 1,
      },
      { id: 12, offline: null, displayName: 'BAY-12' },
      { offline: true, displayName: 'nobody' },
      'a text',
    ]);
    const reading = await rmm().read();
    expect(stateOf(reading, '11')).toBe('online');
    expect(reading.objects.find(({ externalId }) => externalId === '12')).toMatchObject({
      name: 'BAY-12',
      state: 'unknown',
      reason: 'NinjaOne does not say whether it is offline.',
    });
    // The next page is read as well.
    expect(stateOf(reading, '13')).toBe('offline');
    expect(reading.warnings).toEqual([
      'An item of /v2/devices-detailed could not be read: /offline must be boolean.',
      'An item of /v2/devices-detailed could not be read: it must have required properties id.',
      'An item of /v2/devices-detailed could not be read: it must be object.',
    ]);
  });

  test('in the health report or among the activities never fails the reading', async () => {
    page(/device-health/, { cursor: null, results: [{ deviceId: null, healthStatus: 'HEALTHY' }] });
    const health = await rmm().read();
    expect(health.objects).toHaveLength(5);
    expect(health.warnings).toHaveLength(1);
    page(/activities/, { lastActivityId: null, activities: [{ id: 'one', deviceId: 12 }, null] });
    const activities = await rmm().read();
    expect(activities.objects).toHaveLength(5);
    expect(activities.warnings).toHaveLength(2);
  });

  test('instead of a token counts as a missing token', async () => {
    page(/token/, { access_token: null, expires_in: 3_600 });
    await expect(rmm().read()).rejects.toThrow(/an answer of an unexpected shape: \/access_token/);
    page(/token/, { access_token: 'x', expires_in: null, token_type: null });
    // The simulator does not know this token: it is refused, and a new one is requested.
    expect((await rmm().read()).objects).toHaveLength(5);
  });
});

test('health is read page by page with a cursor', async () => {
  ninja.settings.pageSizeMax = 2;
  const reading = await rmm().read();
  expect(reading.objects.map((object) => object.details.health)).toEqual([
    'HEALTHY',
    'HEALTHY',
    'UNKNOWN',
    'HEALTHY',
    'HEALTHY',
  ]);
  expect(ninja.asked.filter((line) => line.includes('cursor=cursor-1')).length).toBe(3);
});

test('activities are read back to the last reading, and the newest of a device counts', async () => {
  ninja.settings.pageSizeMax = 2;
  const happened = (id: number, statusCode: string) =>
    ninja.activities.push({ id, activityTime: 1_790_000_000 + id, deviceId: 12, statusCode });
  happened(1, 'NODE_CREATED');
  const source = rmm();
  const first = await source.read();
  expect(first.bookmark).toEqual({ activity: 1 });
  for (const id of [2, 3, 4]) happened(id, 'USER_LOGGED_IN');
  happened(5, 'SYSTEM_REBOOTED');
  ninja.asked.length = 0;
  const second = await source.read({ bookmark: first.bookmark });
  expect(second.bookmark).toEqual({ activity: 5 });
  expect(second.objects.find(({ externalId }) => externalId === '12')?.details.last_activity).toMatchObject({
    what: 'SYSTEM_REBOOTED',
  });
  expect(ninja.asked.filter((line) => line.includes('olderThan='))).toHaveLength(2);
});

describe('the token', () => {
  test('serves many readings, and is renewed two minutes before it runs out', async () => {
    const source = rmm();
    await source.read();
    source.advance(3_000);
    await source.read();
    expect(ninja.minted()).toBe(1);
    source.advance(500);
    await source.read();
    expect(ninja.minted()).toBe(2);
  });

  test('that was revoked is requested once more, within the same reading', async () => {
    const source = rmm();
    await source.read();
    ninja.expireTokens();
    expect((await source.read()).objects).toHaveLength(5);
    expect(ninja.minted()).toBe(2);
  });

  test('is requested once by simultaneous readings', async () => {
    const source = rmm();
    await Promise.all([source.read(), source.read(), source.read()]);
    expect(ninja.minted()).toBe(1);
  });

  test('is not given for a wrong secret, and the reason holds no secret', async () => {
    const failure = rmm({ client_secret: 'wrong-secret' }).read();
    await expect(failure).rejects.toThrow('It does not accept the client id and secret.');
    await expect(failure).rejects.not.toThrow(/wrong-secret/);
  });
});

describe('too many calls', () => {
  test('with a short Retry-After are waited for within the reading', async () => {
    const source = rmm();
    ninja.fail({ kind: 'status', status: 429, retryAfter: '0' }, { path: /devices-detailed/, times: 2 });
    expect((await source.read()).objects).toHaveLength(5);
    expect(source.log.filter((line) => line.startsWith('429'))).toHaveLength(2);
  });

  test.each([
    ['seconds', () => '90', 90],
    ['a date', (now: number) => new Date(now + 120_000).toUTCString(), 120],
    ['nothing', () => undefined, 60],
    ['a day, which is cut to an hour', () => '86400', 3_600],
  ])('with a long Retry-After end the reading, and say until when: %s', async (_what, header, seconds) => {
    const source = rmm();
    const retryAfter = header(source.now());
    ninja.fail({ kind: 'status', status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) });
    const failure = await source.read().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RateLimited);
    const waitMs = failure instanceof RateLimited ? failure.notBefore.getTime() - source.now() : 0;
    expect(Math.abs(waitMs - seconds * 1_000)).toBeLessThanOrEqual(1_000);
    expect(ninja.asked).toHaveLength(1);
  });
});

test.each<[string, Fault, RegExp]>([
  ['an error of its own', { kind: 'status', status: 503 }, /answered 503/],
  ['a forbidden path', { kind: 'status', status: 403 }, /does not allow this credential/],
  ['a cut line', { kind: 'truncated' }, /./],
  ['a page of HTML', { kind: 'not_json' }, /gave an answer that is not JSON: "<html>/],
  ['JSON of another shape', { kind: 'json', body: [{ id: 'eleven' }] }, /an answer of an unexpected shape/],
  ['JSON without the field "offline"', { kind: 'json', body: [{ id: 11 }] }, /unexpected shape/],
  ['the same page for ever', { kind: 'json', body: [{ id: 11, offline: false }] }, /does not advance/],
  ['two megabytes', { kind: 'huge', bytes: 2_000_000 }, /more than a MiB/],
])('%s fails the reading with the reason', async (_what, fault, words) => {
  ninja.fail(fault, { path: /devices-detailed/ });
  await expect(rmm().read()).rejects.toThrow(words);
});

test('a server that never answers ends with the timeout', async () => {
  ninja.fail({ kind: 'silent' });
  await expect(rmm().read({ timeoutMs: 200 })).rejects.toThrow(/timeout/i);
});
