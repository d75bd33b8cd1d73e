import { afterAll, beforeAll, expect, test } from 'vitest';
import { healClock } from '#platform/clock-step';
import { beatWatch } from '#platform/watch';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { type TestClock, testClock } from '../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../test/support/tenants.ts';
import { clockRules } from './app.ts';

let house: TestApp;
let clock: TestClock;
let acme: Tenant;
beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock });
  acme = await testTenant(house, 'acme');
});
afterAll(() => house.close());

const signal = AbortSignal.timeout(60_000);
const beatAndWork = async () => {
  await house.ctx.db.system((tx) => beatWatch(tx, new Date(clock.now())));
  await house.app.workOnce(1_000);
};

/** Times that no plan or judgement uses, or that are not of our clock, each with the reason. */
const excused: readonly (readonly [RegExp, string])[] = [
  [
    /\.(created_at|updated_at|deleted_at|retired_at|revoked_at|last_used_at|set_at|used_at)$/,
    'told, never judged by',
  ],
  [
    /^(accounts|sessions|users|verifications|identity_keys|setup_links|idempotency_keys|api_keys|invitations)\./,
    'lives for hours, and outlives a step by as much',
  ],
  [/^periodic_work\.due_at$/, 'whoever takes a turn looks after it'],
  [/^watch_presence\./, 'of an older release: nobody writes it'],
  [/^audit_log\.at$/, 'nothing may be changed in the audit'],
  [/^device_state\.(sent_at|late_sent_at)$/, "the device's own clock"],
  [/^maintenance_windows\.(start_at|end_at)$/, 'an operator said so'],
  [/^oncall_(overrides|swaps)\.(return_)?(starts_at|ends_at)$/, 'an operator said so'],
  [/^maintenance_runs\.planned_end_at$/, 'lies ahead by its nature'],
];

test('every time in the database is corrected when the clock goes back, or has a reason why not', async () => {
  const { rows } = await house.ctx.db.pool.query<{ name: string }>(`
    select c.table_name || '.' || c.column_name as name from information_schema.columns c
    join pg_class t on t.relname = c.table_name and t.relnamespace = 'public'::regnamespace and not t.relispartition
    where c.table_schema = 'public' and c.data_type = 'timestamp with time zone' and t.relkind in ('r', 'p')
      and c.table_name not like 'kysely%'`);
  const known = new Set(
    clockRules().flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)),
  );
  const names = rows.map((row) => row.name);
  expect(
    names.filter((name) => !known.has(name) && !excused.some(([pattern]) => pattern.test(name))),
  ).toEqual([]);
  expect([...known].filter((name) => !names.includes(name))).toEqual([]);
});

test('times stamped while the clock ran an hour ahead are moved back and marked, and events of the future are undone', {
  timeout: 120_000,
}, async () => {
  const at = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString();
  const make = async (path: string, body: object) =>
    expect((await acme.call('POST', path, { body })).status).toBeLessThan(300);
  await make('/sites', { slug: 'leeds', name: 'Leeds', timezone: 'Europe/London' });
  await make('/devices', { slug: 'till', name: 'Till', site: 'leeds' });
  await make('/checks', {
    slug: 'port',
    kind: 'tcp',
    config: { host: '127.0.0.1', port: 1 },
    interval: 30,
    retries: 0,
    alert_after_failures: 1,
  });
  await make('/checks', {
    slug: 'job',
    kind: 'ping',
    config: { schedule: 'period', period: 600, grace: 60 },
  }).catch(() => undefined);
  const window = { location: 'leeds', systems: ['all'], reason: 'Work', timezone: 'UTC' };
  await make('/maintenance', { ...window, slug: 'soon', start_time: at(1_200), end_time: at(1_800) });
  await make('/maintenance', { ...window, slug: 'now', start_time: at(-60), end_time: at(1_800) });
  const beat = () =>
    house.call('POST', '/heartbeat', {
      token: acme.key,
      body: { device_id: 'till', tenant_id: 'acme', store_id: 'leeds', status: 'online' },
    });
  const windowStates = async () => {
    const { data } = (await acme.call('GET', '/maintenance')).body;
    return Object.fromEntries(data.map((one: { slug: string; status: string }) => [one.slug, one.status]));
  };
  await beat();
  clock.advance(60);
  await beatAndWork();
  expect(await windowStates()).toEqual({ soon: 'scheduled', now: 'running' });

  clock.advance(3_600);
  await beatAndWork();
  await beat();
  await make('/events', { type: 'sale', outcome: 'success', site: 'leeds' });
  clock.advance(40);
  await beatAndWork();
  expect(await windowStates()).toEqual({ soon: 'over', now: 'over' });
  const state = async () =>
    (
      await house.ctx.db.pool.query(
        'select s.last_at, s.next_due_at from check_state s join checks c on c.id = s.check_id where c.slug = $1',
        ['port'],
      )
    ).rows[0];
  expect((await state()).last_at.getTime()).toBeGreaterThan(clock.now() - 120_000);

  clock.advance(-3_600);
  await beatAndWork();
  const now = clock.now();
  const ahead: string[] = [];
  for (const { table, past } of clockRules())
    for (const column of past) {
      const { rows } = await house.ctx.db.pool.query(
        `select count(*)::int as n from ${table} where ${column} > $1`,
        [new Date(now + 3_000)],
      );
      if (rows[0].n > 0) ahead.push(`${table}.${column}`);
    }
  expect(ahead).toEqual([]);
  expect((await state()).next_due_at.getTime()).toBeLessThanOrEqual(now + 33_000);
  expect(await windowStates()).toEqual({ soon: 'scheduled', now: 'running' });
  expect(
    (
      await house.ctx.db.pool.query(
        "select count(*)::int as n from check_results where details ? 'clock_was_ahead_seconds'",
      )
    ).rows[0].n,
  ).toBeGreaterThan(0);
  const { rows: seen } = await house.ctx.db.pool.query(
    'select last_seen_at from device_state where last_seen_at is not null',
  );
  // Its heartbeat came 40 s before the clock went back.
  expect(Math.abs(seen[0].last_seen_at.getTime() - (now - 40_000))).toBeLessThan(5_000);
  const { body: health } = await house.call('GET', '/health/ready');
  expect(health.checks.clock).toMatchObject({
    status: 'warn',
    output: expect.stringMatching(/60 min ahead and went back .* were corrected/),
  });
  // A second run has nothing more to do.
  await healClock(house.ctx, clockRules(), signal);
  const { rows: steps } = await house.ctx.db.pool.query('select healed, healed_at from clock_steps');
  expect(steps).toHaveLength(1);
  expect(steps[0].healed).toMatchObject({
    check_state: expect.any(Number),
    // The window of `now` had ended; that of `soon` had begun and ended.
    maintenance_runs: 2,
  });

  clock.advance(7_200);
  await beatAndWork();
  const { body: later } = await house.call('GET', '/health/ready');
  expect(later.checks.clock).toMatchObject({ status: 'pass' });
});

test('right after a jump of the clock, no valid link and no stored answer is deleted', async () => {
  const { pool } = house.ctx.db;
  const now = new Date(clock.now());
  await pool.query(
    `insert into idempotency_keys (caller, key, fingerprint, created_at) values ('c', 'k', '', $1)`,
    [now],
  );
  await pool.query(`insert into setup_links (hash, created_at, expires_at) values ('h', $1, $2)`, [
    now,
    new Date(clock.now() + 3_600_000),
  ]);
  const left = async () => {
    const { rows } = await pool.query(
      `select (select count(*) from idempotency_keys where key = 'k')::int as answers,
        (select count(*) from setup_links where hash = 'h')::int as links`,
    );
    return rows[0];
  };
  const { process } = house.ctx;
  process.clockJump = () => ({ byMs: 172_800_000, monotonic: clock.monotonic() });
  clock.advance(172_800);
  await beatAndWork();
  expect(await left()).toEqual({ answers: 1, links: 1 });
  // This was not a jump: two days have passed.
  process.clockJump = () => null;
  await beatAndWork();
  expect(await left()).toEqual({ answers: 0, links: 0 });
});
