import { setTimeout as pause } from 'node:timers/promises';
import { type BenchHouse, benchHouse, seedDevices } from './support/house.ts';
import type { BenchResult } from './types.ts';

const devices = 100_000;
const heartbeatsPerSecond = 1_500;
const perRequest = 50;
const limitSeconds = 20;
const tickSeconds = 5;
/** This many devices stop sending, one every two seconds. */
const silent = 10;
const sliceMs = 100;
const loadSeconds = 60;

/** How late the alert of a silent device is committed, while 100,000 devices keep sending. */
export async function run(): Promise<BenchResult[]> {
  await using house = await benchHouse({
    HEARTBEAT_OFFLINE_SECONDS: String(limitSeconds * 10),
    ALERT_CHECK_INTERVAL: String(tickSeconds),
  });
  await seedDevices(house, devices);
  // As if this process had been watching for a long time. Otherwise it would first watch for one whole limit.
  await house.owner.query("update watch_state set watching_since = now() - interval '1 day'");
  const sent = await underLoad(house);
  const lateness = await latenessOf(house);
  const worst = Math.max(...lateness);
  const bound = tickSeconds + 1;
  return [
    {
      name: 'heartbeats per second while measuring',
      value: sent / loadSeconds,
      unit: '1/s',
      target: `>= ${heartbeatsPerSecond * 0.95}`,
      pass: sent / loadSeconds >= heartbeatsPerSecond * 0.95,
    },
    {
      name: `offline alerts committed, of ${silent}`,
      value: lateness.length,
      unit: '',
      target: `${silent}`,
      pass: lateness.length === silent,
    },
    {
      name: `worst delay past the limit at ${devices.toLocaleString('en')} devices`,
      value: worst,
      unit: 's',
      target: `<= one tick (${tickSeconds} s) + 1 s`,
      pass: lateness.length > 0 && worst <= bound,
    },
  ];
}

async function underLoad(house: BenchHouse): Promise<number> {
  // The limit is ten times as long for all other devices, so that only the chosen ones fall silent during the run.
  const quiet = Array.from({ length: silent }, (_, index) => `d${index + 1}`);
  await house.owner.query(
    `update device_state s set last_seen_at = now() - make_interval(secs => $2 - 10 - 2 * substring(d.slug from 2)::int)
     from devices d where d.id = s.device_id and d.slug = any($1)`,
    [quiet, limitSeconds * 10],
  );
  let next = silent + 1;
  let sent = 0;
  let dispatched = 0;
  const underWay = new Set<Promise<void>>();
  const slices = (loadSeconds * 1000) / sliceMs;
  const began = performance.now();
  for (let slice = 0; slice < slices; slice += 1) {
    const due = Math.round(((slice + 1) * heartbeatsPerSecond * sliceMs) / 1000) - dispatched;
    dispatched += due;
    for (let from = 0; from < due; from += perRequest) {
      const count = Math.min(perRequest, due - from);
      const body = Array.from({ length: count }, () => ({
        device_id: `d${advance()}`,
        tenant_id: 'default',
        store_id: 'bench',
        status: 'online',
        cpu_usage: 40 + (next % 20),
      }));
      const request: Promise<void> = house.server.call('POST', '/heartbeats', body).then((answer) => {
        if (answer.status >= 400)
          throw new Error(`the load was refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
        sent += count;
        underWay.delete(request);
      });
      underWay.add(request);
    }
    await pause(Math.max(0, began + (slice + 1) * sliceMs - performance.now()));
  }
  await Promise.all(underWay);
  return sent;

  function advance(): number {
    next = next >= devices ? silent + 1 : next + 1;
    return next;
  }
}

/** Seconds from the moment of the limit to the commit of the alert. */
async function latenessOf(house: BenchHouse): Promise<number[]> {
  const { rows } = await house.owner.query<{ late: number }>(
    `select extract(epoch from t.committed - (s.last_seen_at + make_interval(secs => $1)))::float8 as late
     from alerts a join device_state s on s.device_id = a.device_id
     cross join lateral (select pg_xact_commit_timestamp(a.xmin) as committed) t
     where a.type = 'device_offline'`,
    [limitSeconds * 10],
  );
  return rows.map((row) => row.late);
}
