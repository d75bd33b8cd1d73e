import { durationWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { deviceStateRows, readHeartbeatSeries } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import type { Judgement, Moment } from '../judgement.ts';
import { type DeviceScan, defineRuleKind } from '../kind.ts';
import { cooledDown, listRuleDevices, observeDevices } from '../observing/device-store.ts';
import { toObservation } from '../observing/observation-store.ts';
import { watchesDevice } from '../observing/watching.ts';
import type { ReplaySpan, Track } from '../replay.ts';
import { besideLimit, timeWords } from '../words.ts';

const schema = Type.Object(
  {
    limit_seconds: Type.Union([Type.Number({ minimum: 0.5, maximum: 2_592_000 }), Type.Null()], {
      title: 'Silent for longer than',
      unit: 's',
      description: 'How long a device may stay silent. Empty follows HEARTBEAT_OFFLINE_SECONDS.',
      default: null,
    }),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

interface Silence {
  readonly lastSeenAt: Date;
  /** Of the device's site. */
  readonly timezone?: string;
}

/**
 * Silence counts from the last heartbeat or from the time when we began to watch, whichever is later, so our own
 * downtime does not count. Until we have watched for long enough the answer is "unknown", which neither fires nor
 * resolves.
 */
export function evaluateAbsence(config: Config, data: Silence, moment: Moment): Judgement {
  const limit = config.limit_seconds ?? moment.limits.offlineSeconds;
  const now = moment.now.getTime();
  const silent = (now - data.lastSeenAt.getTime()) / 1000;
  const watched = (now - Math.max(data.lastSeenAt.getTime(), moment.watch.watchingSince.getTime())) / 1000;
  const details = {
    silent_seconds: Math.round(silent * 1000) / 1000,
    limit_seconds: limit,
    last_seen_at: data.lastSeenAt.toISOString(),
  };
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    verdict,
    value: silent,
    why,
    details,
  });
  const said = besideLimit(silent, limit, durationWords);
  if (silent <= limit)
    return judged(
      'ok',
      `A heartbeat came ${silent < 1 ? 'just now' : `${said.value} ago`}; the limit is ${said.limit}.`,
    );
  if (moment.pausedReason !== null)
    return judged('unknown', `Silence is not judged now: ${moment.pausedReason}`);
  if (!moment.watch.intakeUp)
    return judged('unknown', 'Silence is not judged now: no process receives heartbeats.');
  if (watched <= limit) {
    const span = besideLimit(watched, limit, durationWords);
    return judged('unknown', `We have watched for only ${span.value}; the limit is ${span.limit}.`);
  }
  return judged(
    'firing',
    `No heartbeat for ${said.value}; the limit is ${said.limit}. Last heard ${timeWords(data.lastSeenAt, data.timezone)}.`,
  );
}

/**
 * Finds devices that are silent past a limit and have no alert, devices whose status is no longer true, and devices
 * that are back.
 */
async function scan(tx: Tx, moment: Moment, limit: number): Promise<DeviceScan | null> {
  const limitOf = sql`coalesce((config->>'limit_seconds')::float8, ${moment.limits.offlineSeconds}::float8)`;
  const { rows: smallest } = await sql<{ seconds: number | null }>`
    select min(${limitOf}) as seconds from rules where kind = 'absence' and enabled`.execute(tx);
  const seconds = smallest[0]?.seconds ?? null;
  if (seconds === null) return null;
  const { now } = moment;
  const cutoff = new Date(now.getTime() - seconds * 1000);
  const watchingSince = moment.watch.watchingSince;
  return {
    filter: watchingSince < cutoff ? sql`ds.last_seen_at < ${cutoff}` : sql`false`,
    found: sql`
      with r as materialized (
        select id, organization_id, site_id, cooldown_seconds, make_interval(secs => ${limitOf}) as patience
        from rules where kind = 'absence' and enabled
      ), gone as (
        select ds.device_id, ds.last_seen_at from hot ds
        join r on r.organization_id = ds.organization_id and (r.site_id is null or r.site_id = ds.site_id)
        left join alerts a on a.rule_id = r.id and a.device_id = ds.device_id and a.status <> 'resolved'
        where ds.last_seen_at < ${now}::timestamptz - r.patience and ${watchingSince}::timestamptz < ${now}::timestamptz - r.patience
          and (ds.status not in ('offline', 'maintenance') or (a.id is null and ${cooledDown(now)}))
        order by ds.last_seen_at desc limit ${limit}
      ), back as (
        select a.device_id from alerts a join r on r.id = a.rule_id
        join ${deviceStateRows} ds on ds.device_id = a.device_id
        where a.status <> 'resolved' and ds.last_seen_at >= ${now}::timestamptz - r.patience limit ${limit}
      )
      select device_id from gone union select device_id from back`,
  };
}

/** At most this many devices are replayed in one backtest. */
const replayDevicesMax = 200;

type SilencePoint = Track<Silence>['points'][number];

/**
 * More points for a chart: in each step, the longest silence that ended, and how long the device has been silent at the
 * end of the step.
 */
export function curvePoints(
  beats: readonly Date[],
  span: Pick<ReplaySpan, 'from' | 'gaps' | 'edges'>,
): SilencePoint[] {
  const points: SilencePoint[] = [];
  const add = (at: Date, lastSeenAt: Date): void => {
    if (at < span.from || span.gaps.some((gap) => gap.from <= at && at < gap.to)) return;
    const watchingSince = span.gaps.findLast((gap) => gap.to <= at)?.to ?? lastSeenAt;
    points.push({ at, watch: { watchingSince, intakeUp: true }, data: { lastSeenAt } });
  };
  let index = 0;
  for (const edge of span.edges) {
    let longest: { from: Date; to: Date } | undefined;
    for (let beat = beats[index]; beat !== undefined && beat <= edge; beat = beats[index]) {
      const from = beats[index - 1];
      const ms = from === undefined ? 0 : beat.getTime() - from.getTime();
      if (
        from !== undefined &&
        ms > (longest === undefined ? 0 : longest.to.getTime() - longest.from.getTime())
      )
        longest = { from, to: beat };
      index += 1;
    }
    if (longest !== undefined) add(new Date(longest.to.getTime() - 1), longest.from);
    const last = beats[index - 1];
    if (last !== undefined) add(edge, last);
  }
  return points;
}

/**
 * The instants at which silence can begin or end: one limit after a heartbeat, if no other came by then, and the next
 * heartbeat.
 */
export function silencePoints(
  beats: readonly Date[],
  limitSeconds: number,
  span: Pick<ReplaySpan, 'from' | 'to' | 'gaps'>,
): SilencePoint[] {
  const points: SilencePoint[] = [];
  for (const [index, beat] of beats.entries()) {
    const next = beats[index + 1];
    const end = next ?? span.to;
    if (end.getTime() - beat.getTime() <= limitSeconds * 1000) continue;
    const asleep = span.gaps.filter((gap) => gap.to > beat && gap.from < end);
    const starts = [beat, ...asleep.map((gap) => gap.to)];
    for (const start of starts) {
      const at = new Date(start.getTime() + limitSeconds * 1000 + 1);
      if (at < span.from || at >= end || asleep.some((gap) => gap.from <= at && at < gap.to)) continue;
      points.push({ at, watch: { watchingSince: start, intakeUp: true }, data: { lastSeenAt: beat } });
    }
    if (next !== undefined && next >= span.from) {
      points.push({ at: next, watch: { watchingSince: next, intakeUp: true }, data: { lastSeenAt: next } });
    }
  }
  return points;
}

export const absence = defineRuleKind({
  kind: 'absence',
  label: 'Silence',
  help: 'Fires when a device has sent no heartbeat for longer than a limit; resolves with the next heartbeat. Devices that never reported are not judged. The time in which Watchkeeper itself was down does not count.',
  schema,
  fixture: { limit_seconds: 120 },
  subjects: ['device'],
  wakesOn: 'heartbeats',
  restsOnSilence: true,
  deviceStatus: 'offline',
  watches: watchesDevice,
  signal: (config) => ({ label: 'Silence', unit: 's', limit: config.limit_seconds, side: 'above' }),
  resolve: (config, limits) => ({ limit_seconds: config.limit_seconds ?? limits.offlineSeconds }),
  describe: (config) => `no heartbeat > ${durationWords(config.limit_seconds ?? 0)}`,
  title: (_config, subject) => `${subject.name} stopped reporting`,
  scan,
  async observe(tx, _moment, focus) {
    const rows = await observeDevices(tx, 'absence', focus.deviceIds ?? []);
    return rows.map((row) =>
      toObservation<Silence>(row, { lastSeenAt: row.last_seen_at, timezone: row.timezone }),
    );
  },
  evaluate: evaluateAbsence,
  async replay(tx, rule, span) {
    const limitSeconds = rule.config.limit_seconds ?? span.limits.offlineSeconds;
    const { devices, total } = await listRuleDevices(tx, rule, replayDevicesMax);
    const tracks: Track<Silence>[] = [];
    for (const device of devices) {
      if (span.isSpent()) break;
      const from = new Date(span.from.getTime() - limitSeconds * 1000);
      const series = await readHeartbeatSeries(tx, {
        organizationId: rule.organizationId,
        deviceId: device.id,
        from,
        to: span.to,
      });
      const beats = series.map((beat) => beat.at);
      const points = [...silencePoints(beats, limitSeconds, span), ...curvePoints(beats, span)];
      points.sort((one, other) => one.at.getTime() - other.at.getTime());
      tracks.push({ subject: { kind: 'device', ...device }, points });
    }
    return { tracks, subjectsTotal: total, notes: [] };
  },
});
