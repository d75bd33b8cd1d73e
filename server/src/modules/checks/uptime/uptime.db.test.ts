import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { keepResultDays } from '../jobs.ts';
import { rollUpUptime } from './roll-up.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let bob: Tenant;

const hour = 3_600;
/** Noon in New York, the day after its clocks went forward. */
const now = '2026-03-09T16:00:00Z';

beforeAll(async () => {
  clock = testClock('2026-03-02T12:00:00Z');
  house = await testApp({ clock });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  const everyDay = [{ open: '09:00', close: '17:00' }];
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const site = await alice.call('POST', '/sites', {
    body: {
      slug: 'club',
      name: 'Club',
      timezone: 'America/New_York',
      opening_hours: Object.fromEntries(days.map((day) => [day, everyDay])),
    },
  });
  expect(site.status, JSON.stringify(site.body)).toBe(201);
  const made = await alice.call('POST', '/checks', {
    body: {
      slug: 'web',
      kind: 'tcp',
      config: { host: '127.0.0.1', port: 9 },
      interval: 600,
      timeout: 10,
      retries: 0,
      site: 'club',
      // Its results are inserted below.
      enabled: false,
    },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  for (let day = 2; day <= 9; day += 1) {
    clock.set(`2026-03-0${day}T12:00:00Z`);
    await keepResultDays(house.ctx);
  }
  await record(made.body.id);
  await plannedWork();
  clock.set(now);
});
afterAll(() => house.close());

/** A window from 14:30 to 14:45 that took place. */
async function plannedWork(): Promise<void> {
  clock.set('2026-03-09T14:20:00Z');
  const planned = await alice.call('POST', '/maintenance', {
    body: {
      location: 'club',
      systems: ['all'],
      start_time: '2026-03-09T14:30:00Z',
      end_time: '2026-03-09T14:45:00Z',
      reason: 'new switch',
    },
  });
  expect(planned.status, JSON.stringify(planned.body)).toBe(201);
  for (const at of ['2026-03-09T14:30:00Z', '2026-03-09T14:45:00Z']) {
    clock.set(at);
    await house.app.workOnce(1_000);
  }
}

/** Results every ten minutes since March 2nd, 18:00; down in two hours of the last day, and no results in two others. */
async function record(checkId: string): Promise<void> {
  await house.ctx.db.system((tx) =>
    sql`
      insert into check_results (at, organization_id, check_id, outcome, status, attempts, reason)
      select at, ${alice.id}, ${checkId}, 'ok',
        case when (at >= '2026-03-09T05:00Z' and at < '2026-03-09T06:00Z')
          or (at >= '2026-03-09T14:00Z' and at < '2026-03-09T15:00Z') then 'down' else 'up' end, 1, ''
      from generate_series('2026-03-02T18:00Z'::timestamptz, '2026-03-09T15:50Z', interval '10 minutes') at
      where not (at > '2026-03-09T07:50Z' and at < '2026-03-09T10:00Z')`.execute(tx),
  );
}

const read = async () => {
  const { status, body } = await alice.call('GET', '/checks/web/uptime');
  expect(status, JSON.stringify(body)).toBe(200);
  const window = (name: string) => body.windows.find((one: { window: string }) => one.window === name);
  return { body, day: window('24h'), week: window('7d') };
};

describe('the uptime of a check', () => {
  test('counts all hours, leaves out maintenance, and shows unknown time', async () => {
    const { day } = await read();
    // A result counts for two intervals and one run: from 1,211 s after 07:50 until 10:00 the status is unknown.
    const unknown = 2 * hour + 600 - 1_211;
    expect(day.clock).toMatchObject({
      total_seconds: 24 * hour,
      down_seconds: 2 * hour - 900,
      maintenance_seconds: 900,
      unknown_seconds: unknown,
      up_seconds: 24 * hour - 2 * hour - unknown,
      outages: 3,
      longest_outage_seconds: hour,
    });
    const { up_seconds: up, down_seconds: down, available_percent: percent } = day.clock;
    expect(percent).toBeCloseTo((100 * up) / (up + down), 3);
    expect(day.clock.words).toContain(`= ${percent} %`);
  });

  test('counts within the opening hours of its site, which a change of the clocks does not alter', async () => {
    const { week } = await read();
    expect(week.from).toBe('2026-03-02T17:00:00.000Z');
    expect(week.clock.total_seconds).toBe(167 * hour);
    // Five hours of the first day, six whole days, three hours of today.
    expect(week.opening_hours.total_seconds).toBe((5 + 6 * 8 + 3) * hour);
    // The outage at night does not count; the one at ten in the morning does, without its planned quarter of an hour.
    expect(week.opening_hours).toMatchObject({
      down_seconds: hour - 900,
      outages: 2,
      maintenance_seconds: 900,
    });
    expect(week.opening_hours.unknown_seconds).toBe(hour);
  });

  test('has a bar for each day, also for the shorter one', async () => {
    const { body } = await read();
    expect(body.days).toHaveLength(90);
    expect(body.days.at(-2)).toMatchObject({
      date: '2026-03-08',
      total_seconds: 23 * hour,
      available_percent: 100,
    });
    expect(body.days[0]).toMatchObject({ available_percent: null, words: 'There is no data for this time.' });
    expect(body.formula).toMatch(/up \/ \(up \+ down\)/);
  });

  test('is the same from single results and from summed hours', async () => {
    await house.ctx.db.system(async (tx) => {
      await sql`delete from check_spans`.execute(tx);
      await sql`delete from check_spans_progress`.execute(tx);
    });
    const before = await read();
    for (let turn = 0; turn < 3; turn += 1) await rollUpUptime(house.ctx, new AbortController().signal);
    const { rows } = await house.ctx.db.system((tx) =>
      sql<{ spans: number; upto: Date }>`
        select (select count(*)::int from check_spans) as spans, (select upto from check_spans_progress) as upto`.execute(
        tx,
      ),
    );
    expect(rows[0]?.upto).toEqual(new Date('2026-03-09T15:00:00Z'));
    // One result a day, and five on the last day.
    expect(rows[0]?.spans).toBe(7 + 5);
    expect(await read()).toEqual(before);
    // The same without the single results.
    await house.ctx.db.system((tx) =>
      sql`delete from check_results where at < '2026-03-09T14:50Z'`.execute(tx),
    );
    expect(await read()).toEqual(before);
  });

  test('is hidden from other organizations, and 404 for an unknown check', async () => {
    expect((await bob.call('GET', '/checks/web/uptime')).status).toBe(404);
    expect((await alice.call('GET', '/checks/nothing/uptime')).status).toBe(404);
    expect((await alice.call('GET', '/checks/web/uptime', { token: null })).status).toBe(401);
  });

  test('is deleted with its check', async () => {
    expect((await alice.call('DELETE', '/checks/web')).status).toBe(204);
    const { rows } = await house.ctx.db.system((tx) => sql`select from check_spans`.execute(tx));
    expect(rows).toEqual([]);
  });
});
