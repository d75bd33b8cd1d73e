import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type HttpReceiver, httpReceiver } from '../support/receivers.ts';

/** A planned night at the club in Halifax. The clock is moved by hand. */

let clock: TestClock;
let webhook: HttpReceiver;
let house: TestApp;
let second: TestApp;
const tokens = new Map<string, string>();
const bays = ['bay-1', 'bay-2', 'bay-3', 'bay-4'];

beforeAll(async () => {
  clock = testClock('2026-03-02T23:00:00Z');
  webhook = await httpReceiver();
  const env = { HEARTBEAT_OFFLINE_SECONDS: '120', WEBHOOK_URLS: `${webhook.url}/hook` };
  house = await testApp({ clock, env });
  second = await testApp({ clock, env, database: house.database });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' },
  });
  for (const slug of bays) {
    const body = { slug, name: `PC ${slug}`, site: 'dartmouth' };
    const created = await house.call('POST', '/api/v1/default/devices', { body });
    tokens.set(slug, created.body.token);
  }
  await work();
});

afterAll(async () => {
  await second.close();
  await house.close();
  await webhook[Symbol.asyncDispose]();
});

/** Both workers look for due work; one of them does it. */
async function work(): Promise<void> {
  for (let round = 0; round < 4; round += 1)
    await Promise.all([house.app.workOnce(200), second.app.workOnce(200)]);
}

/** Beats come twice a second, but the clock here jumps: write that we have watched for a day. */
async function keepWatch(): Promise<void> {
  const [now, since] = [new Date(clock.now()), new Date(clock.now() - 86_400_000)];
  await house.ctx.db.system((tx) =>
    sql`insert into watch_state (watching_since, last_beat_at) values (${since}, ${now})
      on conflict (singleton) do update set watching_since = ${since}, last_beat_at = ${now}`.execute(tx),
  );
}

/** Time passes, half a minute at a time, and these devices keep reporting. */
async function pass(minutes: number, alive: readonly string[]): Promise<void> {
  for (let step = 0; step < minutes * 2; step += 1) {
    clock.advance(30);
    await keepWatch();
    for (const device_id of alive) {
      const body = { device_id, tenant_id: 'default', store_id: 'dartmouth', status: 'online' };
      expect(
        (await house.call('POST', '/heartbeat', { token: tokens.get(device_id) ?? '', body })).status,
      ).toBe(202);
    }
    await work();
  }
}

interface Told {
  readonly type: string;
  readonly body: string;
}

const told = (): Told[] => webhook.received.map(({ body }) => ({ type: JSON.parse(body).type, body }));
const toldOf = (slug: string) => told().filter(({ body }) => body.includes(`PC ${slug}`)).length;
const statusOf = async (slug: string) =>
  (await house.call('GET', `/api/v1/default/devices/${slug}/state`)).body.status;
const alertsOf = async (slug: string) =>
  (await house.call('GET', `/api/v1/default/alerts?device=${slug}&limit=100`)).body.data;

test('a window mutes alerts but keeps collecting data; when it ends, people are told of the bays that are still broken', async () => {
  await pass(2, bays);
  await pass(4, ['bay-1', 'bay-2', 'bay-3']);
  // Bay 4 broke before the window was planned.
  expect(toldOf('bay-4')).toBe(1);
  expect(told()).toHaveLength(1);

  const created = await house.call('POST', '/api/v1/default/maintenance', {
    body: {
      slug: 'switches',
      location: 'dartmouth',
      systems: ['all'],
      start_time: new Date(clock.now() + 60_000).toISOString(),
      end_time: new Date(clock.now() + 21 * 60_000).toISOString(),
      reason: 'New switches',
      suppress_alerts: true,
      auto_reply: 'We are back at ten.',
    },
  });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({ status: 'scheduled', timezone: 'America/Halifax' });

  await pass(2, ['bay-1', 'bay-2', 'bay-3']);
  expect(await statusOf('bay-1')).toBe('maintenance');
  expect(await statusOf('bay-4')).toBe('maintenance');

  // Bay 2 breaks for good, bay 3 for a while; bay 1 always reports.
  await pass(6, ['bay-1']);
  const [ofBay2] = await alertsOf('bay-2');
  expect(ofBay2).toMatchObject({ status: 'open', suppressed_by: 'maintenance' });
  expect(ofBay2.suppressed_reason).toBe('Planned maintenance: New switches');
  await pass(6, ['bay-1', 'bay-3']);
  expect((await alertsOf('bay-3'))[0]).toMatchObject({ status: 'resolved', suppressed_by: 'maintenance' });
  expect(await statusOf('bay-3')).toBe('maintenance');
  expect(told()).toHaveLength(1);
  // Data was still collected.
  const history = await house.call('GET', '/heartbeat/bay-1/history?hours=1&limit=500');
  expect(history.body.data.length).toBeGreaterThan(20);

  await pass(10, ['bay-1', 'bay-3']);
  expect(await statusOf('bay-1')).toBe('online');
  expect(await statusOf('bay-3')).toBe('online');
  expect(await statusOf('bay-2')).toBe('offline');
  expect(await statusOf('bay-4')).toBe('offline');
  expect(toldOf('bay-2')).toBe(1);
  expect(toldOf('bay-3')).toBe(0);
  expect(toldOf('bay-4')).toBe(1);
  expect(told()).toHaveLength(2);

  const [report] = (await house.call('GET', '/api/v1/default/maintenance/switches/reports')).body.data;
  expect(report).toMatchObject({ end_cause: 'schedule' });
  expect(report.findings).toMatchObject({ not_back_total: 2, recovered_total: 1 });
  const seen = (items: { device: string; broken_before: boolean }[]) =>
    items.map(({ device, broken_before }) => `${device} ${broken_before}`).sort();
  expect(seen(report.findings.not_back)).toEqual(['bay-2 false', 'bay-4 true']);
  expect(seen(report.findings.recovered)).toEqual(['bay-3 false']);

  // People hear the end of an alert only when they heard its beginning.
  await pass(3, bays);
  expect(toldOf('bay-2')).toBe(2);
  expect(toldOf('bay-4')).toBe(2);
  expect(told()).toHaveLength(4);
});

test('two windows that overlap count as one: nobody is told until the last has ended', async () => {
  const before = told().length;
  const window = (slug: string, from: number, to: number) =>
    house.call('POST', '/api/v1/default/maintenance', {
      body: {
        slug,
        location: 'dartmouth',
        systems: ['bay-1'],
        start_time: new Date(clock.now() + from * 60_000).toISOString(),
        end_time: new Date(clock.now() + to * 60_000).toISOString(),
        reason: slug,
      },
    });
  expect((await window('first', 0, 6)).body.status).toBe('running');
  expect((await window('then', 5, 10)).body.status).toBe('scheduled');
  const others = ['bay-2', 'bay-3', 'bay-4'];
  await pass(8, others);
  expect((await alertsOf('bay-1'))[0]).toMatchObject({ status: 'open', suppressed_by: 'maintenance' });
  expect(await statusOf('bay-1')).toBe('maintenance');
  expect(told()).toHaveLength(before);
  await pass(3, others);
  expect(toldOf('bay-1')).toBe(1);
  expect((await alertsOf('bay-1'))[0]).toMatchObject({ status: 'open', suppressed_by: null });
  await pass(2, bays);
});

test('work that ends early tells at once which devices are still down; work that is extended stays quiet', async () => {
  const before = told().length;
  const create = await house.call('POST', '/api/v1/default/maintenance', {
    body: {
      slug: 'cables',
      location: 'dartmouth',
      systems: ['device:bay-3'],
      start_time: new Date(clock.now()).toISOString(),
      end_time: new Date(clock.now() + 5 * 60_000).toISOString(),
      reason: 'Cables',
    },
  });
  expect(create.status).toBe(201);
  const others = ['bay-1', 'bay-2', 'bay-4'];
  await pass(4, others);
  const extended = await house.call('POST', '/api/v1/default/maintenance/cables/extend', {
    body: { by: '30m' },
  });
  expect(extended.status).toBe(200);
  await pass(4, others);
  expect(told()).toHaveLength(before);
  expect((await house.call('POST', '/api/v1/default/maintenance/cables/end')).body.status).toBe('over');
  await pass(1, others);
  expect(told()).toHaveLength(before + 1);
  expect((await house.call('POST', '/api/v1/default/maintenance/cables/end')).status).toBe(409);
});
