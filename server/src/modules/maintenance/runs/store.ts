import type { MaintenanceFindings } from '@watchkeeper/contracts/maintenance';
import { sql } from 'kysely';
import { deviceRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

export const endCauses = ['schedule', 'ended_early', 'changed', 'deleted'] as const;
export type EndCause = (typeof endCauses)[number];

export interface RunRow {
  id: string;
  organization_id: string;
  window_id: string;
  started_at: Date;
  planned_end_at: Date;
  ended_at: Date | null;
  end_cause: string | null;
  ended_by: string | null;
  report: MaintenanceFindings | null;
  reported_at: Date | null;
}

export async function insertRun(
  tx: Tx,
  run: { id: string; organizationId: string; windowId: string; startedAt: Date; plannedEndAt: Date },
): Promise<void> {
  await sql`insert into maintenance_runs (organization_id, id, window_id, started_at, planned_end_at)
    values (${run.organizationId}, ${run.id}, ${run.windowId}, ${run.startedAt}, ${run.plannedEndAt})`.execute(
    tx,
  );
}

/**
 * From `at` on, the run covers the present scope of its window. The earlier scope keeps its own time. Areas and types
 * are stored as the devices that they contain now, so that moving a device later does not change the past. The row
 * `none` says that the cover of this run was stored, even if it is empty.
 */
export async function coverRun(tx: Tx, runId: string, at: Date): Promise<void> {
  await sql`update maintenance_run_covers set to_at = ${at} where run_id = ${runId} and to_at is null`.execute(
    tx,
  );
  await sql`
    insert into maintenance_run_covers (organization_id, run_id, from_at, site_id, kind, device_id, check_id)
    select r.organization_id, r.id, ${at}, x.site_id, x.kind, x.device_id, x.check_id
    from maintenance_runs r join maintenance_windows w on w.id = r.window_id cross join lateral (
      select null::uuid as site_id, 'none' as kind, null::uuid as device_id, null::uuid as check_id
      union all
      select case when s.kind = 'all' then w.site_id end, s.kind, s.device_id, s.check_id from maintenance_scopes s
      where s.window_id = w.id and s.kind in ('all', 'device', 'check')
      union all
      select null, 'device', d.id, null from maintenance_scopes s
      join ${deviceRows} d on d.organization_id = w.organization_id and (d.area_id = s.area_id or d.type_id = s.device_type_id)
      where s.window_id = w.id and (w.site_id is null or d.site_id = w.site_id)
    ) x where r.id = ${runId}`.execute(tx);
}

export async function setPlannedEnd(tx: Tx, runId: string, plannedEndAt: Date): Promise<void> {
  await sql`update maintenance_runs set planned_end_at = ${plannedEndAt} where id = ${runId}`.execute(tx);
}

export async function closeRun(
  tx: Tx,
  runId: string,
  end: { at: Date; cause: EndCause; by: string | null },
): Promise<void> {
  await sql`update maintenance_runs set ended_at = ${end.at}, end_cause = ${end.cause}, ended_by = ${end.by}
    where id = ${runId} and ended_at is null`.execute(tx);
}

export async function findRun(tx: Tx, runId: string): Promise<RunRow | undefined> {
  const { rows } =
    await sql<RunRow>`select id, organization_id, window_id, started_at, planned_end_at, ended_at, end_cause,
    ended_by, report, reported_at from maintenance_runs where id = ${runId}`.execute(tx);
  return rows[0];
}

/** Once per run. False when there is a report already, or the run has not ended. */
export async function writeReport(
  tx: Tx,
  runId: string,
  findings: MaintenanceFindings,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update maintenance_runs set report = ${toJson(findings)}::jsonb, reported_at = ${at}
    where id = ${runId} and reported_at is null and ended_at is not null returning id`.execute(tx);
  return rows.length === 1;
}

/** Newest first, one more than the page holds. */
export async function selectRuns(
  tx: Tx,
  windowId: string,
  list: { after: { at: Date; id: string } | null; limit: number },
): Promise<RunRow[]> {
  const after =
    list.after === null
      ? sql`true`
      : sql`(date_trunc('milliseconds', started_at), id) < (${list.after.at}, ${list.after.id})`;
  const { rows } = await sql<RunRow>`
    select id, organization_id, window_id, started_at, planned_end_at, ended_at, end_cause, ended_by, report, reported_at
    from maintenance_runs where window_id = ${windowId} and ${after}
    order by date_trunc('milliseconds', started_at) desc, id desc limit ${list.limit + 1}`.execute(tx);
  return rows;
}

/**
 * Runs that have ended without a report, newest first, so that a run whose report always fails does not block the
 * others.
 */
export async function listUnreported(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from maintenance_runs where ended_at is not null and reported_at is null
    order by ended_at desc limit ${limit}`.execute(tx);
  return rows.map((row) => row.id);
}
