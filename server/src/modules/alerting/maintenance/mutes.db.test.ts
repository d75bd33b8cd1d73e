import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runDueChecks } from '#modules/checks';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
let target: Awaited<ReturnType<typeof startLoopbackServer>>;
let answer = 500;
beforeAll(async () => {
  shared = await alertingHouse();
  target = await startLoopbackServer((_request, response) => response.writeHead(answer).end());
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  await shared[Symbol.asyncDispose]();
});
beforeEach(async () => {
  answer = 500;
  given = await shared.newcomer();
  for (const day of [-1, 0, 1])
    await given.house.ctx.db.pool.query('select checks_add_day($1::date)', [
      new Date(given.clock.now() + day * 86_400_000).toISOString().slice(0, 10),
    ]);
  await given.site('dartmouth');
});

/** A page on the device. Unlike a heartbeat, a page does not prove that the device is online. */
async function page(device: string): Promise<void> {
  const made = await given.tenant.call('POST', '/checks', {
    body: {
      slug: `page-of-${device}`,
      name: `Page of ${device}`,
      kind: 'http',
      device,
      config: { url: `http://127.0.0.1:${target.port}/` },
      interval: 20,
      retries: 0,
      alert_after_failures: 1,
      recover_after_successes: 1,
    },
  });
  expect(made.status).toBe(201);
}

async function passAndLook(seconds: number): Promise<void> {
  await given.pass(seconds);
  await runDueChecks(given.house.ctx);
  await given.work();
}

/** Moves time in steps in which only these devices send heartbeats. */
async function live(seconds: number, ...devices: string[]): Promise<void> {
  for (let left = seconds; left > 0; left -= 30) {
    await passAndLook(Math.min(left, 30));
    for (const device of devices) await given.beat(device, 'dartmouth');
    await given.tick();
  }
}

const window = async (systems: string[], seconds: number) => {
  const at = (offset: number) => new Date(given.clock.now() + offset * 1000).toISOString();
  const made = await given.tenant.call('POST', '/maintenance', {
    body: { location: 'dartmouth', systems, start_time: at(0), end_time: at(seconds), reason: 'Work' },
  });
  expect(made.status).toBe(201);
  await given.work();
};

const mutes = async () =>
  Object.fromEntries(
    (await given.alerts('&status=active')).map((alert) => [
      alert.title,
      alert.suppressed_by === null ? null : alert.suppressed_reason,
    ]),
  );

describe('a child is muted by the state of its parent', () => {
  test('and not by a failing page or metric of an online parent', async () => {
    await given.device('router', 'dartmouth');
    await given.device('bay-1', 'dartmouth', { depends_on: ['router'] });
    await page('router');
    await given.beat('router', 'dartmouth', { sync_lag_sec: 500 });
    await given.beat('bay-1', 'dartmouth');
    for (let step = 0; step < 5; step += 1) {
      await passAndLook(30);
      await given.beat('router', 'dartmouth', { sync_lag_sec: 500 });
      await given.tick();
    }
    const found = await mutes();
    expect(found).toMatchObject({ 'bay-1 stopped reporting': null, 'Page of router is down': null });
    expect(Object.keys(found)).toHaveLength(3);
  });

  test('a router without an agent that answers no check is down from the first alert of its children on', async () => {
    await given.device('router', 'dartmouth');
    await given.device('bay-1', 'dartmouth', { depends_on: ['router'] });
    await page('router');
    await given.beat('bay-1', 'dartmouth');
    await live(150);
    const word = 'It depends on router, which is down.';
    expect(await mutes()).toEqual({ 'bay-1 stopped reporting': word, 'Page of router is down': null });
    const [child] = await given.alerts('&status=active&type=device_offline');
    const { timeline } = (await given.tenant.call('GET', `/alerts/${child?.id}`)).body;
    expect(timeline.map((entry: { at: string }) => entry.at)).toEqual([child?.opened_at, child?.opened_at]);
    // The parent recovers first.
    answer = 200;
    await live(30);
    expect(await mutes()).toEqual({ 'bay-1 stopped reporting': null });
  });

  test('a parent of unknown state mutes nothing; its own parent decides', async () => {
    await given.device('router', 'dartmouth');
    await given.device('switch', 'dartmouth', { depends_on: ['router'] });
    await given.device('bay-1', 'dartmouth', { depends_on: ['switch'] });
    await given.beat('bay-1', 'dartmouth');
    await given.beat('router', 'dartmouth');
    await live(150, 'router');
    expect(await mutes()).toEqual({ 'bay-1 stopped reporting': null });
    await live(150);
    expect(await mutes()).toEqual({
      'router stopped reporting': null,
      'bay-1 stopped reporting': 'It depends on router, which is down.',
    });
    // Once the switch reports itself it is online, and the search upwards ends there.
    await given.beat('switch', 'dartmouth');
    await live(30, 'switch');
    expect(await mutes()).toMatchObject({ 'bay-1 stopped reporting': null });
  });

  test('planned work on a parent hides neither that it is online nor that it is down', async () => {
    await given.device('router', 'dartmouth');
    await given.device('bay-1', 'dartmouth', { depends_on: ['router'] });
    await given.beat('router', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await window(['router'], 600);
    await live(150, 'router');
    expect(await mutes()).toEqual({ 'bay-1 stopped reporting': null });
    await live(150);
    expect(await mutes()).toEqual({
      'router stopped reporting': 'Planned maintenance: Work',
      'bay-1 stopped reporting': 'It depends on router, which is down.',
    });
  });
});

describe('after planned work a device shows its real status', () => {
  test('online when it was heard a moment ago, whatever fails on it, and degraded when it reports so', async () => {
    const pc = await given.device('pc', 'dartmouth');
    const till = await given.device('till', 'dartmouth');
    await page('pc');
    await given.beat('pc', 'dartmouth');
    await given.beat('till', 'dartmouth');
    await live(30, 'pc', 'till');
    await window(['all'], 60);
    await live(30, 'pc');
    expect(await given.statusOf(pc)).toBe('maintenance');
    await given.beat('till', 'dartmouth', { status: 'degraded' });
    await live(40, 'pc');
    expect(await given.statusOf(pc)).toBe('online');
    expect(await given.statusOf(till)).toBe('degraded');
  });

  test('offline when it was silent, and unresponsive when it answers none of its checks', async () => {
    const pc = await given.device('pc', 'dartmouth');
    const router = await given.device('router', 'dartmouth');
    await page('router');
    await given.beat('pc', 'dartmouth');
    await window(['all'], 180);
    await live(150);
    expect([await given.statusOf(pc), await given.statusOf(router)]).toEqual(['maintenance', 'maintenance']);
    await live(40);
    expect([await given.statusOf(pc), await given.statusOf(router)]).toEqual(['offline', 'unresponsive']);
  });
});
