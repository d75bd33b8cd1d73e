import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type NinjaDevice,
  type NinjaOne,
  ninjaCredentials,
  startNinjaOne,
} from '../../server/src/demo/simulators/ninjaone.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type HttpReceiver, httpReceiver } from '../support/receivers.ts';

/** The bays of a club, whose PCs the RMM knows. The clock is moved by hand. */

const stepSeconds = 60;
const org = '/api/v1/default';

let clock: TestClock;
let ninja: NinjaOne;
let webhook: HttpReceiver;
let house: TestApp;
const tokens = new Map<string, string>();

beforeAll(async () => {
  clock = testClock('2026-03-02T12:00:00Z');
  ninja = await startNinjaOne();
  webhook = await httpReceiver();
  house = await testApp({
    clock,
    env: { HEARTBEAT_OFFLINE_SECONDS: '120', WEBHOOK_URLS: `${webhook.url}/hook` },
  });
  await must('POST', '/sites', { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' });
  await must('POST', '/sites/dartmouth/areas', { slug: 'bay-1', name: 'Bay 1', kind: 'bay' });
  for (const [index, slug] of ['bay-1-pc', 'bay-2-pc', 'bay-3-pc', 'bay-4-pc'].entries()) {
    const area = index === 0 ? { area: 'bay-1' } : {};
    const made = await must('POST', '/devices', { slug, site: 'dartmouth', type: 'trackman_pc', ...area });
    tokens.set(slug, made.token);
    ninja.devices.push({ id: 4101 + index, offline: false, displayName: slug.toUpperCase() });
  }
  await must('POST', '/sources', {
    slug: 'rmm',
    kind: 'ninjaone',
    name: 'NinjaOne',
    config: { base_url: ninja.url, ...ninjaCredentials },
    interval: 60,
  });
  await pass(1);
});
afterAll(async () => {
  await house.close();
  await webhook[Symbol.asyncDispose]();
  await ninja[Symbol.asyncDispose]();
});

async function must(method: 'GET' | 'POST' | 'PUT', path: string, body?: object) {
  const answer = await house.call(method, `${org}${path}`, body === undefined ? {} : { body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Beats come twice a second, but the clock here jumps: write that we have watched for a day. */
async function keepWatch(): Promise<void> {
  const [now, since] = [new Date(clock.now()), new Date(clock.now() - 86_400_000)];
  await house.ctx.db.system((tx) =>
    sql`insert into watch_state (watching_since, last_beat_at) values (${since}, ${now})
      on conflict (singleton) do update set watching_since = ${since}, last_beat_at = ${now}`.execute(tx),
  );
}

/** Time passes, a minute at a time, and the agents of these devices report. */
async function pass(minutes: number, alive: readonly string[] = []): Promise<void> {
  for (let step = 0; step < (minutes * 60) / stepSeconds; step += 1) {
    clock.advance(stepSeconds);
    await keepWatch();
    for (const device_id of alive) {
      const body = { device_id, tenant_id: 'default', store_id: 'dartmouth', status: 'online' };
      const answer = await house.call('POST', '/heartbeat', { token: tokens.get(device_id) ?? '', body });
      expect(answer.status).toBe(202);
    }
    for (let round = 0; round < 2; round += 1) await house.app.workOnce(200);
  }
}

const there = (id: number): NinjaDevice => {
  const device = ninja.devices.find((one) => one.id === id);
  if (device === undefined) throw new Error(`NinjaOne has no device ${id}`);
  return device;
};
const records = async () => (await must('GET', '/device-status?site=dartmouth')).data;
const recordOf = async (slug: string) =>
  (await records()).find((record: { device: string }) => record.device === slug);
const sourcesOf = (slug: string) => must('GET', `/devices/${slug}/sources`);
const activeAlerts = async () => (await must('GET', '/alerts?status=active&limit=100')).data;
const titles = async () => (await activeAlerts()).map((alert: { title: string }) => alert.title).sort();
const statuses = async () =>
  (await must('GET', '/states')).data.map((state: { status: string }) => state.status);
const told = () => webhook.received.map(({ body }) => JSON.parse(body).type as string);
const bays = ['bay-1-pc', 'bay-2-pc', 'bay-3-pc'];

test('an object of the RMM is shown with the device that it looks like, and counts once somebody confirms it', async () => {
  const { data } = await must('GET', '/sources/rmm/objects');
  expect(data).toHaveLength(4);
  expect(data[2]).toMatchObject({
    ref: '4103',
    name: 'BAY-3-PC',
    state: 'online',
    fresh: true,
    linked: [],
    suggestion: { device: 'bay-3-pc', by: 'name' },
  });
  expect(await sourcesOf('bay-1-pc')).toMatchObject({ status: 'unknown', data: [] });

  for (const { ref, suggestion } of data)
    await must('POST', '/sources/rmm/links', { ref, device: suggestion.device });
  const check = await must('GET', '/checks/bay-1-pc.rmm');
  expect(check).toMatchObject({
    kind: 'ninjaone',
    device: 'bay-1-pc',
    interval: 30,
    timeout: 5,
    retries: 3,
    alert_after_failures: 2,
    recover_after_successes: 1,
    overrides: [],
  });
  await pass(2, ['bay-4-pc']);
  expect((await must('GET', '/sources/rmm/objects?linked=no')).data).toEqual([]);
  expect(await statuses()).toEqual(['online', 'online', 'online', 'online']);
  expect(await recordOf('bay-1-pc')).toMatchObject({
    location: 'dartmouth',
    bay: 'bay-1',
    bay_name: 'Bay 1',
    pc_online: true,
    consecutive_failures: 0,
    booking_active: null,
    auto_flag: false,
    flag_type: null,
    status: 'online',
    last_successful_check: expect.stringMatching(/^2026-03-02T12:0/),
  });
});

describe('an outage of the RMM', () => {
  const since = () => sourcesOf('bay-1-pc');

  test('is one alert of the source; its last statement holds for five minutes, then all devices are unknown', async () => {
    ninja.fail({ kind: 'status', status: 503 });
    await pass(4, ['bay-4-pc']);
    expect(await titles()).toEqual(['NinjaOne is down']);
    for (const bay of bays) expect(await recordOf(bay)).toMatchObject({ status: 'online', pc_online: true });

    await pass(4, ['bay-4-pc']);
    for (const bay of bays)
      expect(await recordOf(bay)).toMatchObject({
        status: 'unknown',
        pc_online: null,
        auto_flag: true,
        flag_type: 'source_stale',
      });
    // The status of the device with its own agent is still known.
    expect(await recordOf('bay-4-pc')).toMatchObject({ status: 'online', pc_online: true });
    expect(await statuses()).toEqual(['unknown', 'unknown', 'unknown', 'online']);
    expect((await since()).data[0]).toMatchObject({ source: 'rmm', fresh: false, counts_as: 'unknown' });
    expect((await must('GET', '/checks/bay-1-pc.rmm')).state).toMatchObject({
      status: 'unknown',
      reason: expect.stringMatching(/^NinjaOne was last read \d+ min ago; .* too old to count\. .*503/),
    });
  });

  test('tells nothing more while it lasts, and calls no device offline', async () => {
    await pass(12, ['bay-4-pc']);
    expect(await titles()).toEqual(['NinjaOne is down']);
    expect(told()).toEqual(['incident.opened']);
    const all = (await must('GET', '/alerts?limit=100')).data;
    expect(all.map((alert: { title: string }) => alert.title)).toEqual(['NinjaOne is down']);
    expect(await statuses()).toEqual(['unknown', 'unknown', 'unknown', 'online']);
  });

  test('resolves its one alert when it ends, and all devices are known again', async () => {
    ninja.heal();
    await pass(4, ['bay-4-pc']);
    expect(await titles()).toEqual([]);
    expect(await statuses()).toEqual(['online', 'online', 'online', 'online']);
    expect(told()).toEqual(['incident.opened', 'incident.resolved']);
    expect((await must('GET', '/sources/rmm')).state).toMatchObject({
      status: 'up',
      fresh: true,
      objects: 4,
    });
  });
});

test('a bay without an agent is offline when the RMM has said so twice, and people are told once', async () => {
  there(4102).offline = true;
  await pass(1, ['bay-4-pc']);
  expect(await recordOf('bay-2-pc')).toMatchObject({ status: 'online' });
  await pass(4, ['bay-4-pc']);
  expect(await recordOf('bay-2-pc')).toMatchObject({
    status: 'offline',
    pc_online: false,
    auto_flag: true,
    flag_type: 'offline',
  });
  expect(await statuses()).toEqual(['online', 'offline', 'online', 'online']);
  expect(await titles()).toEqual(['bay-2-pc in NinjaOne is down']);

  // The RMM fails meanwhile: the status is unknown, so the alert stays open and nobody is told again.
  const before = told().length;
  ninja.fail({ kind: 'status', status: 500 });
  await pass(7, ['bay-4-pc']);
  expect(await recordOf('bay-2-pc')).toMatchObject({ status: 'unknown' });
  expect(await titles()).toEqual(['NinjaOne is down', 'bay-2-pc in NinjaOne is down']);
  expect(told()).toHaveLength(before + 1);
  ninja.heal();
  there(4102).offline = false;
  await pass(4, ['bay-4-pc']);
  expect(await titles()).toEqual([]);
  expect(await recordOf('bay-2-pc')).toMatchObject({ status: 'online', flag_type: null });
});

describe('when the RMM and the agent of a bay disagree', () => {
  test('the agent is believed while it reports: the console shows both, and nobody is notified', async () => {
    const before = told().length;
    there(4104).offline = true;
    await pass(5, ['bay-4-pc']);
    const { status, verdict, data } = await sourcesOf('bay-4-pc');
    expect(status).toBe('online');
    expect(verdict).toMatchObject({ status: 'online', decided_by: 'Its own agent' });
    expect(data.map((one: { witness: string; state: string }) => [one.witness, one.state])).toEqual([
      ['agent', 'online'],
      ['rmm', 'offline'],
    ]);
    expect(await recordOf('bay-4-pc')).toMatchObject({
      status: 'online',
      auto_flag: true,
      flag_type: 'sources_disagree',
    });
    expect((await must('GET', '/checks/bay-4-pc.rmm')).state).toMatchObject({
      status: 'unknown',
      reason: expect.stringMatching(/its own agent reported .* and counts/),
    });
    expect(await titles()).toEqual([]);
    expect(told()).toHaveLength(before);
  });

  test('the PC is offline once its agent falls silent too', async () => {
    await pass(6);
    const { verdict, data } = await sourcesOf('bay-4-pc');
    expect(verdict).toMatchObject({ status: 'offline', decided_by: 'Its own agent', disagreement: false });
    expect(data.every((one: { counts_as: string }) => one.counts_as === 'offline')).toBe(true);
    expect(await statuses()).toEqual(['online', 'online', 'online', 'offline']);
    expect((await titles()).length).toBeGreaterThan(0);
  });

  test('a silent agent is believed, not an RMM that still says online', async () => {
    there(4104).offline = false;
    await pass(4);
    expect((await sourcesOf('bay-4-pc')).verdict).toMatchObject({
      status: 'offline',
      disagreement: true,
      reason: expect.stringMatching(
        /^Its own agent has been silent for \d+ min\. They disagree: NinjaOne says online/,
      ),
    });
    await pass(4, ['bay-4-pc']);
    expect(await recordOf('bay-4-pc')).toMatchObject({ status: 'online', flag_type: null });
    expect(await titles()).toEqual([]);
  });
});

test('a PC that was removed from the RMM is unknown, not offline', async () => {
  ninja.devices.splice(ninja.devices.indexOf(there(4103)), 1);
  await pass(3, ['bay-4-pc']);
  expect(await recordOf('bay-3-pc')).toMatchObject({ status: 'unknown', pc_online: null });
  expect((await sourcesOf('bay-3-pc')).data[0].words).toBe('NinjaOne does not list it any more.');
  expect(await titles()).toEqual([]);
});

test('every reading fetched whole lists, and never a single device', () => {
  const paths = new Set(ninja.asked.map((line) => line.replace(/\?.*/, '')));
  expect([...paths].sort()).toEqual([
    'GET /v2/activities',
    'GET /v2/devices-detailed',
    'GET /v2/queries/device-health',
    'POST /ws/oauth/token',
  ]);
});
