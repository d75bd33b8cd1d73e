import { sql } from 'kysely';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

/** The state that detection keeps between ticks, and questions about the whole fleet. */

export interface DetectionState {
  lastTickAt: Date | null;
  suspectedSince: Date | null;
}

export async function readDetectionState(tx: Tx): Promise<DetectionState> {
  const { rows } = await sql<{
    last_tick_at: Date;
    suspected_since: Date | null;
  }>`
    select last_tick_at, suspected_since from detection_state`.execute(tx);
  const row = rows[0];
  return {
    lastTickAt: row?.last_tick_at ?? null,
    suspectedSince: row?.suspected_since ?? null,
  };
}

/**
 * One judgement per kind and organization at a time. A second one, which may know newer events, waits until the first
 * has opened its alerts.
 */
export async function lockJudging(tx: Tx, kind: string, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`alerting.judge ${kind} ${organizationId}`}, 0))`.execute(
    tx,
  );
}

export async function saveTick(tx: Tx, tick: { at: Date; ms: number }): Promise<void> {
  await sql`
    insert into detection_state (last_tick_at, last_tick_ms) values (${tick.at}, ${tick.ms})
    on conflict (singleton) do update set last_tick_at = excluded.last_tick_at, last_tick_ms = excluded.last_tick_ms`.execute(
    tx,
  );
}

export async function saveSuspicion(
  tx: Tx,
  at: Date,
  suspicion: { since: Date; details: object } | null,
): Promise<void> {
  const details = suspicion === null ? null : toJson(suspicion.details);
  await sql`
    insert into detection_state (last_tick_at, last_tick_ms, suspected_since, suspected)
    values (${at}, 0, ${suspicion?.since ?? null}, ${details}::jsonb)
    on conflict (singleton) do update set suspected_since = excluded.suspected_since, suspected = excluded.suspected`.execute(
    tx,
  );
}

/**
 * Heartbeats of the whole fleet: the devices heard since `recentSince`, and those of them that are quiet since
 * `quietSince`.
 */
export interface Pulse {
  devices: number;
  quietDevices: number;
  sites: number;
  /** Sites where at least half the devices are quiet. */
  quietSites: number;
}

export async function readPulse(tx: Tx, recentSince: Date, quietSince: Date): Promise<Pulse> {
  const { rows } = await sql<Pulse>`
    select coalesce(sum(n), 0)::int as devices, coalesce(sum(quiet), 0)::int as "quietDevices",
      count(*)::int as sites, (count(*) filter (where quiet * 2 >= n))::int as "quietSites"
    from (
      select count(*) as n, count(*) filter (where last_seen_at < ${quietSince}) as quiet
      from ${deviceStateRows} ds where last_seen_at >= ${recentSince} group by site_id
    ) by_site`.execute(tx);
  return rows[0] ?? { devices: 0, quietDevices: 0, sites: 0, quietSites: 0 };
}

export async function listOrganizationsOf(
  tx: Tx,
  deviceIds: readonly string[],
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ organization_id: string }>`
    select distinct organization_id from ${deviceStateRows} ds where device_id = any(${deviceIds}::uuid[]) limit ${limit}`.execute(
    tx,
  );
  return rows.map((row) => row.organization_id);
}

/** Deletes resolved alerts and their timelines that are past retention. Returns how many. */
export async function deleteResolvedBefore(tx: Tx, before: Date, limit: number): Promise<number> {
  const result = await sql`
    delete from alerts where id in (select id from alerts where status = 'resolved' and resolved_at < ${before} limit ${limit})`.execute(
    tx,
  );
  return Number(result.numAffectedRows ?? 0n);
}
