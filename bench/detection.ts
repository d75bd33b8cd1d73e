import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createApp, type Watchkeeper } from '../server/src/app.ts';
import { readConfig } from '../server/src/config/config.ts';
import { onDevicesNeedAttention } from '../server/src/modules/alerting/detection/on-arrival.ts';
import { runDetectionTick } from '../server/src/modules/alerting/index.ts';
import { readOverview } from '../server/src/modules/alerting/overview.ts';
import { systemScope } from '../server/src/modules/identity/index.ts';
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded/embedded.ts';
import { migrateUp } from '../server/src/platform/db/migrate.ts';
import { createLogger } from '../server/src/platform/log.ts';
import { median } from './support/figures.ts';
import type { BenchResult } from './types.ts';

const small = 100_000;
const large = 1_000_000;
const organizations = 50;
const sitesPerOrganization = 20;
const silentShare = 0.01;
const rounds = 7;
const tickMsMax = 60_000;
const keysPerEvent = 500;

const quietTargetMs = { [small]: 50, [large]: 500 };
const silentTargetMs = 1_000;

/** An app in this process on a scratch database. Its own work is not started: the benchmark calls the tick itself. */
interface Ground extends AsyncDisposable {
  readonly app: Watchkeeper;
  readonly owner: pg.Client;
}

/** The cost of one tick of detection, from "nothing changes" to one hundredth of the fleet falling silent at once. */
export async function run(): Promise<BenchResult[]> {
  await using ground = await layGround();
  await addDevices(ground, 0, small);
  const quietSmall = await quietTick(ground);
  const results = [
    quietResult(small, quietSmall),
    ...(await silentTick(ground)),
    await overviewResult(ground),
  ];
  await addDevices(ground, small, large);
  const quietLarge = await quietTick(ground);
  results.push(quietResult(large, quietLarge), {
    name: `growth of the tick, ${large / small} times the devices`,
    value: quietLarge / quietSmall,
    unit: 'times',
    note: 'linear would be 10; one scan of device_state',
  });
  return results;
}

function quietResult(devices: 100_000 | 1_000_000, ms: number): BenchResult {
  const target = quietTargetMs[devices] ?? 0;
  return {
    name: `tick, nothing changing, ${devices.toLocaleString('en')} devices`,
    value: ms,
    unit: 'ms',
    target: `<= ${target}`,
    pass: ms <= target,
    note: `median of ${rounds}; all ${organizations * 7} rules of ${organizations} organizations`,
  };
}

async function layGround(): Promise<Ground> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-bench-'));
  const log = createLogger({ level: 'error' });
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, 'db'), log });
  await migrateUp(postgres.url);
  const config = readConfig({
    DATA_DIR: path.join(folder, 'data'),
    SECRET_KEY: 'a key for the benchmark only, 0123456789',
  });
  const app = await createApp({ config, databaseUrl: postgres.url, role: 'worker', log });
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  // Without foreign key checks, because there are millions of rows. The tick does not use the checks.
  await owner.query('set session_replication_role = replica');
  await addPlaces(owner);
  return {
    app,
    owner,
    async [Symbol.asyncDispose]() {
      await owner.end();
      await app.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Organizations with the same rules as the first one, and with sites. */
async function addPlaces(owner: pg.Client): Promise<void> {
  await owner.query(
    `insert into organizations (id, slug, name, created_at, updated_at)
     select gen_random_uuid(), 'bench-' || n, 'Bench ' || n, now(), now() from generate_series(1, $1::int) n`,
    [organizations],
  );
  await owner.query(
    `insert into sites (organization_id, id, slug, name, timezone, created_at, updated_at)
     select o.id, gen_random_uuid(), 's' || n, 'Site ' || n, 'America/Halifax', now(), now()
     from organizations o, generate_series(1, $1::int) n where o.slug like 'bench-%'`,
    [sitesPerOrganization],
  );
  await owner.query(
    `insert into rules (organization_id, id, type, name, kind, config, severity, auto_resolve, cooldown_seconds, template, created_at, updated_at)
     select o.id, gen_random_uuid(), r.type, r.name, r.kind, r.config, r.severity, r.auto_resolve, r.cooldown_seconds, true, now(), now()
     from rules r, organizations o where o.slug like 'bench-%'`,
  );
}

async function addDevices({ owner }: Ground, from: number, to: number): Promise<void> {
  await owner.query(
    `with place as (select organization_id, id, row_number() over () - 1 as n, count(*) over () as many from sites)
     insert into devices (organization_id, id, site_id, slug, name, created_at, updated_at)
     select p.organization_id, gen_random_uuid(), p.id, 'd' || g, 'Device ' || g, now(), now()
     from generate_series($1::int, $2::int - 1) g join place p on p.n = g % p.many`,
    [from, to],
  );
  await owner.query(
    `insert into device_state (organization_id, device_key, device_id, site_id, last_seen_at, status, status_since, reported_status,
       app_version, error_rate_5m, request_latency_p95, sync_lag_sec, memory_usage, cpu_usage, disk_usage)
     select organization_id, key, id, site_id, now(), 'online', now(), 'online', '4.12.0',
       random(), 40 + random() * 200, random() * 30, 40 + random() * 20, random() * 70, 60 + random()
     from devices on conflict (device_key) do nothing`,
  );
  await owner.query('vacuum analyze device_state');
  await owner.query('analyze devices, sites, rules, alerts, event_counts');
}

/** Sets the state as if we had been watching for a long time, with a current beat of intake. */
async function watchOver({ owner }: Ground): Promise<void> {
  await owner.query(
    `insert into watch_state (watching_since, last_beat_at) values (now() - interval '1 day', now())
     on conflict (singleton) do update set watching_since = excluded.watching_since, last_beat_at = excluded.last_beat_at`,
  );
}

async function timeTick(ground: Ground): Promise<number> {
  await watchOver(ground);
  const started = performance.now();
  await runDetectionTick(ground.app.ctx, AbortSignal.timeout(tickMsMax));
  return performance.now() - started;
}

async function quietTick(ground: Ground): Promise<number> {
  await ground.owner.query(
    "update device_state set last_seen_at = now() where last_seen_at < now() - interval '60 seconds'",
  );
  await timeTick(ground);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await timeTick(ground));
  const { rows } = await ground.owner.query<{ n: number }>('select count(*)::int as n from alerts');
  if (rows[0]?.n !== 0 && rows[0]?.n !== small * silentShare)
    throw new Error(`${rows[0]?.n} alerts where nothing should have changed.`);
  return median(times);
}

async function silentTick(ground: Ground): Promise<BenchResult[]> {
  const { owner, app } = ground;
  const silent = small * silentShare;
  await owner.query(
    `update device_state set last_seen_at = now() - interval '130 seconds' where device_key % $1 = 0`,
    [1 / silentShare],
  );
  const ms = await timeTick(ground);
  const opened = await owner.query<{ n: number }>(
    `select count(*)::int as n from alerts where status = 'open'`,
  );
  if (opened.rows[0]?.n !== silent)
    throw new Error(`${opened.rows[0]?.n} alerts opened, ${silent} devices are silent.`);

  const { rows } = await owner.query<{ device_key: number }>(
    `update device_state set last_seen_at = now(), status = 'online' where device_key % $1 = 0 returning device_key`,
    [1 / silentShare],
  );
  const keys = rows.map((row) => row.device_key);
  const started = performance.now();
  for (let from = 0; from < keys.length; from += keysPerEvent) {
    await onDevicesNeedAttention(app.ctx, { deviceKeys: keys.slice(from, from + keysPerEvent) });
  }
  const recovery = performance.now() - started;
  const resolved = await owner.query<{ n: number }>(
    `select count(*)::int as n from alerts where status = 'resolved'`,
  );
  if (resolved.rows[0]?.n !== silent) throw new Error(`${resolved.rows[0]?.n} alerts resolved of ${silent}.`);
  return [
    {
      name: `tick, 1 % newly silent (${silent.toLocaleString('en')} of ${small.toLocaleString('en')}), to committed alerts`,
      value: ms,
      unit: 'ms',
      target: `<= ${silentTargetMs}`,
      pass: ms <= silentTargetMs,
      note: `timeline, outbox, live changes and device states included, over ${organizations} organizations`,
    },
    {
      name: `their heartbeats return: ${silent.toLocaleString('en')} alerts resolved`,
      value: recovery,
      unit: 'ms',
    },
  ];
}

/** The one call behind the first screen, for one of the organizations. */
async function overviewResult({ app, owner }: Ground): Promise<BenchResult> {
  const { rows } = await owner.query<{ id: string; slug: string }>(
    "select id, slug from organizations where slug = 'bench-1'",
  );
  const scope = systemScope(rows[0]?.id ?? '', rows[0]?.slug ?? '', 'bench');
  const times: number[] = [];
  let devices = 0;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    devices = (await readOverview(app.ctx, scope)).devices.total;
    times.push(performance.now() - started);
  }
  return {
    name: `overview of an organization with ${devices.toLocaleString('en')} devices`,
    value: median(times),
    unit: 'ms',
  };
}
