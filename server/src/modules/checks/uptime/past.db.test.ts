import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maintenanceModule } from '#modules/maintenance';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { runDueChecks } from '../index.ts';
import { keepResultDays } from '../jobs.ts';
import { rollUpUptime } from './roll-up.ts';

const hour = 3_600;
const day = 24 * hour;

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
beforeAll(async () => {
  clock = testClock('2026-03-01T00:00:00Z');
  house = await testApp({ clock, env: { CHECK_RESULTS_RETENTION_DAYS: '1' } });
  alice = await testTenant(house, 'alice');
  for (const slug of ['club', 'pub'])
    await alice.call('POST', '/sites', { body: { slug, name: slug, timezone: 'UTC' } });
});
afterAll(() => house.close());

/** We have watched all the time; due work is done, and hours that ended are summed up. */
async function settle(): Promise<void> {
  const [now, since] = [new Date(clock.now()), new Date(clock.now() - 400 * day * 1_000)];
  await house.ctx.db.system((tx) =>
    sql`insert into watch_state (watching_since, last_beat_at) values (${since}, ${now})
      on conflict (singleton) do update set watching_since = ${since}, last_beat_at = ${now}`.execute(tx),
  );
  await keepResultDays(house.ctx);
  await runDueChecks(house.ctx);
  await rollUpUptime(house.ctx, new AbortController().signal);
}
async function pass(seconds: number, stepSeconds = seconds): Promise<void> {
  for (let gone = 0; gone < seconds; gone += stepSeconds) {
    clock.advance(stepSeconds);
    await settle();
  }
}
const last24h = async (slug: string) => {
  const { status, body } = await alice.call('GET', `/checks/${slug}/uptime`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.windows[0].clock;
};
/** A check for pings, with its ping URL. */
async function checkIn(slug: string, periodSeconds: number, more: object = {}) {
  const body = { slug, kind: 'ping', config: { period: periodSeconds, grace: hour }, ...more };
  const made = await alice.call('POST', '/checks', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const path = new URL(made.body.ping_url).pathname;
  return async (what = '') => {
    expect((await house.http.inject({ method: 'GET', url: `${path}${what}` })).statusCode).toBe(200);
    await settle();
  };
}

describe('a check with rare check-ins', () => {
  test('stays down until its next good check-in, even when its last result was deleted long before', async () => {
    await settle();
    const ping = await checkIn('audit', 365 * day);
    await ping('/fail');
    // Single results are kept for a day.
    await pass(4 * day, day);
    expect(await last24h('audit')).toMatchObject({ down_seconds: day, unknown_seconds: 0, outages: 1 });
    clock.advance(6 * hour);
    await ping();
    await pass(hour);
    expect(await last24h('audit')).toMatchObject({
      down_seconds: day - hour,
      up_seconds: hour,
      unknown_seconds: 0,
    });
    // The same from the summed hours.
    await pass(2 * hour, hour);
    expect(await last24h('audit')).toMatchObject({
      down_seconds: day - 3 * hour,
      up_seconds: 3 * hour,
      unknown_seconds: 0,
    });
    await alice.call('DELETE', '/checks/audit');
  });
});

describe('a check that was switched off', () => {
  const switchTo = async (slug: string, enabled: boolean, config: object) => {
    const answer = await alice.call('PUT', `/checks/${slug}`, { body: { config, enabled } });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await settle();
  };

  test('was not watched meanwhile, when it waits for pings', async () => {
    const config = { period: 10 * day, grace: hour };
    const ping = await checkIn('backup', config.period);
    await ping();
    await pass(2 * hour, hour);
    await switchTo('backup', false, config);
    await pass(3 * hour, hour);
    await switchTo('backup', true, config);
    await pass(hour);
    await ping();
    await pass(2 * hour, hour);
    const figures = { up_seconds: 4 * hour, down_seconds: 0, unknown_seconds: day - 4 * hour };
    expect(await last24h('backup')).toMatchObject(figures);
    // The same before the hours are summed up.
    await house.ctx.db.system(async (tx) => {
      await sql`delete from check_spans`.execute(tx);
      await sql`update check_spans_progress set upto = ${new Date(clock.now() - day * 1_000)}`.execute(tx);
    });
    expect(await last24h('backup')).toMatchObject(figures);
    await alice.call('DELETE', '/checks/backup');
  });

  test('was not watched meanwhile, when it goes and looks', async () => {
    const config = { host: '127.0.0.1', port: 9 };
    const body = { slug: 'web', kind: 'tcp', config, interval: 6 * hour, timeout: 10, retries: 0 };
    const made = await alice.call('POST', '/checks', { body });
    const { id } = made.body;
    const at = new Date(clock.now());
    await house.ctx.db.system(async (tx) => {
      await sql`update check_state set next_due_at = ${new Date(clock.now() + day * 1_000)}, status = 'up', last_at = ${at}
        where check_id = ${id}`.execute(tx);
      await sql`insert into check_results (at, organization_id, check_id, outcome, status, attempts, reason)
        values (${at}, ${alice.id}, ${id}, 'ok', 'up', 1, '')`.execute(tx);
    });
    clock.advance(hour);
    const paused = await alice.call('PUT', '/checks/web', { body: { ...body, enabled: false } });
    expect(paused.status, JSON.stringify(paused.body)).toBe(200);
    await pass(3 * hour, hour);
    expect(await last24h('web')).toMatchObject({ up_seconds: hour, unknown_seconds: day - hour });
    await alice.call('DELETE', '/checks/web');
  });
});

describe('time under maintenance', () => {
  const at = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
  const windowOf = (more: object) => ({
    location: 'club',
    systems: ['all'],
    start_time: at(60),
    end_time: at(60 + hour),
    recurrence: 'FREQ=DAILY;COUNT=30',
    timezone: 'UTC',
    reason: 'updates',
    ...more,
  });
  /** Begins and ends the windows that are due, like a worker. */
  const turn = async (seconds: number) => {
    clock.advance(seconds);
    for (const work of maintenanceModule.periodic ?? [])
      await work.run(house.ctx, new AbortController().signal);
  };
  const maintained = async () => ({
    club: (await last24h('till-club')).maintenance_seconds,
    pub: (await last24h('till-pub')).maintenance_seconds,
  });

  test('stays the same when its window is changed or deleted afterwards', async () => {
    for (const site of ['club', 'pub']) await (await checkIn(`till-${site}`, 10 * day, { site }))();
    const planned = windowOf({});
    const made = await alice.call('POST', '/maintenance', { body: planned });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    await turn(60);
    await turn(hour);
    const before = { club: await last24h('till-club'), pub: await last24h('till-pub') };
    expect(before.club.maintenance_seconds).toBe(hour);
    expect(before.pub.maintenance_seconds).toBe(0);
    const after = async () => ({ club: await last24h('till-club'), pub: await last24h('till-pub') });
    const { id } = made.body;
    const moved = await alice.call('PUT', `/maintenance/${id}`, { body: { ...planned, location: 'pub' } });
    expect(moved.status, JSON.stringify(moved.body)).toBe(200);
    expect(await after()).toEqual(before);
    expect((await alice.call('DELETE', `/maintenance/${id}`)).status).toBe(204);
    expect(await after()).toEqual(before);
  });

  test('counts for the things covered at each moment, when a window is changed while it runs', async () => {
    const before = await maintained();
    const planned = windowOf({ recurrence: undefined });
    const made = await alice.call('POST', '/maintenance', { body: planned });
    await turn(60);
    await turn(hour / 4);
    const body = { ...planned, location: 'pub' };
    const moved = await alice.call('PUT', `/maintenance/${made.body.id}`, { body });
    expect(moved.status, JSON.stringify(moved.body)).toBe(200);
    await turn((hour * 3) / 4);
    expect(await maintained()).toEqual({ club: before.club + hour / 4, pub: before.pub + (hour * 3) / 4 });
  });
});
