import { expect } from 'vitest';
import { type Answer, type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { onEventsRecorded } from './detection/on-arrival.ts';
import { tick } from './detection/tick.ts';

const jobsMax = 500;
const dayMs = 86_400_000;
/** Real beats of the watch would race with a clock that stands still, so each test says itself whether we watch. */
const watchSql = `insert into watch_state (watching_since, last_beat_at) values ($1, $2)
  on conflict (singleton) do update set watching_since = $1, last_beat_at = $2`;

const gapSql = `insert into watch_gaps (started_at, ended_at)
  select last_beat_at, $1 from watch_state where last_beat_at < $1`;

export interface AlertingHouse extends AsyncDisposable {
  readonly house: TestApp;
  readonly clock: TestClock;
  /** A new tenant on a new day at noon; we have watched for a day unless the test says otherwise. */
  newcomer(): Promise<Given>;
}

/** One tenant of one test, and the things that a test can do to it. */
export interface Given {
  readonly house: TestApp;
  readonly clock: TestClock;
  readonly tenant: Tenant;
  /** Time passes and intake stays awake. */
  pass(seconds: number): Promise<void>;
  /** Writes the watch row: since when we watch, and whether intake is up now. */
  watch(options: { sinceSeconds?: number; awake?: boolean }): Promise<void>;
  /** One detection tick, then every event that is due. */
  tick(): Promise<void>;
  work(): Promise<void>;
  /** Deletes every waiting event of these names, as if it had been given up for good. Returns how many. */
  loseEvents(events: string): Promise<number>;
  site(slug: string, timezone?: string, extra?: object): Promise<string>;
  device(slug: string, site: string, extra?: object): Promise<string>;
  beat(slug: string, site: string, values?: object): Promise<void>;
  /** Business events of one minute, counted as intake counts them and reported to detection. */
  events(
    site: string,
    type: string,
    at: Date,
    counts: { successes?: number; failures?: number },
  ): Promise<void>;
  alerts(query?: string): Promise<AlertAnswer[]>;
  statusOf(deviceId: string): Promise<string>;
  /** Replaces settings of one of the tenant's rules, found by its type. */
  changeRule(type: string, change: object): Promise<Answer>;
}

export interface AlertAnswer {
  id: string;
  type: string;
  status: string;
  severity: string;
  title: string;
  why: string;
  details: Record<string, unknown>;
  store_id: string | null;
  device_id: string | null;
  suppressed_by: string | null;
  suppressed_reason: string | null;
  opened_at: string;
  resolved_at: string | null;
  resolved_by: string | null;
  resolved_reason: string | null;
}

export async function alertingHouse(env: Record<string, string> = {}): Promise<AlertingHouse> {
  const clock = testClock('2026-03-01T12:00:00Z');
  const house = await testApp({ clock, env });
  let newcomers = 0;
  return {
    house,
    clock,
    async newcomer() {
      newcomers += 1;
      clock.set(new Date(Date.parse('2026-03-01T12:00:00Z') + newcomers * dayMs));
      await house.ctx.db.pool.query('delete from detection_state');
      // No test needs the checks of earlier tenants any more, and each pass would run them again.
      await house.ctx.db.pool.query('delete from checks');
      return await givenTenant(house, clock, `t${newcomers}`);
    },
    [Symbol.asyncDispose]: () => house.close(),
  };
}

async function givenTenant(house: TestApp, clock: TestClock, slug: string): Promise<Given> {
  const { pool } = house.ctx.db;
  const tenant = await testTenant(house, slug);
  let watchingSince = new Date(clock.now() - dayMs);

  async function work(): Promise<void> {
    await house.app.workOnce(jobsMax);
  }

  /** Does the same as the first beat of the watch after a gap. */
  async function comeBack(at: Date): Promise<void> {
    watchingSince = at;
    await pool.query(gapSql, [at]);
  }

  async function saveWatch(awake: boolean): Promise<void> {
    const beat = new Date(clock.now() - (awake ? 0 : dayMs));
    await pool.query(watchSql, [watchingSince, beat]);
  }

  await saveWatch(true);
  await work();

  return {
    house,
    clock,
    tenant,
    work,
    async loseEvents(events) {
      const { rowCount } = await pool.query(`delete from domain_events where event like $1 || '%'`, [events]);
      return rowCount ?? 0;
    },
    async pass(seconds) {
      clock.advance(seconds);
      await saveWatch(true);
    },
    async watch({ sinceSeconds, awake = true }) {
      if (sinceSeconds !== undefined) await comeBack(new Date(clock.now() - sinceSeconds * 1000));
      await saveWatch(awake);
    },
    async tick() {
      await tick(house.ctx, AbortSignal.timeout(120_000));
      await work();
    },
    async site(site, timezone = 'UTC', extra = {}) {
      const created = await tenant.call('POST', '/sites', {
        body: { slug: site, name: site, timezone, ...extra },
      });
      expect(created.status).toBe(201);
      return created.body.id;
    },
    async device(device, site, extra = {}) {
      const created = await tenant.call('POST', '/devices', {
        body: { slug: device, name: device, site, ...extra },
      });
      expect(created.status).toBe(201);
      return created.body.id;
    },
    async beat(device, site, values = {}) {
      const body = { device_id: device, tenant_id: slug, store_id: site, status: 'online', ...values };
      expect((await house.call('POST', '/heartbeat', { token: tenant.key, body })).status).toBe(202);
    },
    async events(site, type, at, { successes = 0, failures = 0 }) {
      const { rows } = await pool.query<{ site_id: string }>(
        `insert into event_counts (organization_id, bucket, type, site_id, successes, failures)
         select organization_id, date_trunc('minute', $3::timestamptz), $4, id, $5, $6 from sites
         where organization_id = $1 and slug = $2
         on conflict (organization_id, type, bucket, site_id, device_id) do update
         set successes = event_counts.successes + excluded.successes, failures = event_counts.failures + excluded.failures
         returning site_id`,
        [tenant.id, site, at, type, successes, failures],
      );
      await onEventsRecorded(house.ctx, {
        organizationId: tenant.id,
        types: [type],
        siteIds: rows.map((row) => row.site_id),
      });
    },
    async alerts(query = '') {
      const page = await tenant.call('GET', `/alerts?limit=500${query}`);
      expect(page.status).toBe(200);
      return page.body.data;
    },
    async statusOf(deviceId) {
      const { rows } = await pool.query<{ status: string }>(
        'select status from device_state where device_id = $1',
        [deviceId],
      );
      return rows[0]?.status ?? 'none';
    },
    async changeRule(type, change) {
      const [rule] = (await tenant.call('GET', `/rules?type=${type}`)).body.data;
      const { name, kind, config, severity, auto_resolve, cooldown } = rule;
      return await tenant.call('PUT', `/rules/${rule.id}`, {
        body: { name, kind, config, severity, auto_resolve, cooldown, ...change },
      });
    },
  };
}
