import type { MaintenanceFindings } from '@watchkeeper/contracts/maintenance';
import { type RawBuilder, sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import { reaches, runningWindows, windowScope } from '#modules/maintenance';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';

/** The site of alert `a`: its device's site as it is now, else the alert's own. */
const siteOfAlert = sql`coalesce(d.site_id, a.site_id)`;
/** Whether the window `w` covers the alert `a` of the device `d`. */
const coversAlert = reaches(siteOfAlert, sql`a.subject`);

/**
 * For each of these alerts that a window covers at `now`: the reason in words. If several windows cover it, the one
 * that ends last.
 */
export async function findMaintenanceOf(
  tx: Tx,
  alertIds: readonly string[],
  now: Date,
): Promise<Map<string, string>> {
  if (alertIds.length === 0) return new Map();
  const { rows } = await sql<{ alert_id: string; reason: string; ends: Date }>`
    with w as materialized (${runningWindows(now)})
    select distinct on (a.id) a.id as alert_id, w.reason, w.current_end as ends
    from w join alerts a on a.organization_id = w.organization_id left join ${deviceRows} d on d.id = a.device_id
    where a.id = any(${[...alertIds]}::uuid[]) and w.suppress_alerts and ${coversAlert}
    order by a.id, w.current_end desc`.execute(tx);
  return new Map(rows.map((row) => [row.alert_id, maintenanceReason(row.reason)]));
}

export function maintenanceReason(reason: string): string {
  return `Planned maintenance: ${reason}`;
}

export interface MaintenanceDrift {
  alert_id: string;
  device_id: string | null;
  /** null: no window covers it now. */
  reason: string | null;
}

/**
 * Open alerts that a window should mute and does not, and alerts that are muted although no window covers them now. An
 * alert that opened before the window stays as it is: people were notified of it, and are notified of its end too.
 */
export async function findMaintenanceDrift(tx: Tx, now: Date, limit: number): Promise<MaintenanceDrift[]> {
  const { rows } = await sql<MaintenanceDrift>`
    with w as materialized (${runningWindows(now)}),
    covered as materialized (
      select a.id, a.device_id, a.suppressed_by, (array_agg(w.reason order by w.current_end desc))[1] as reason,
        bool_or(a.opened_at >= w.current_start) as opened_inside
      from w join alerts a on a.organization_id = w.organization_id and a.status <> 'resolved'
      left join ${deviceRows} d on d.id = a.device_id
      where w.suppress_alerts and (a.suppressed_by is null or a.suppressed_by = 'maintenance') and ${coversAlert}
      group by a.id
    )
    select id as alert_id, device_id, reason from covered where suppressed_by is null and opened_inside
    union all
    select a.id, a.device_id, null from alerts a where a.status <> 'resolved' and a.suppressed_by = 'maintenance'
      and not exists (select from covered c where c.id = a.id)
    limit ${limit}`.execute(tx);
  return rows;
}

/**
 * Whether a window covers alert `a` at `now`. If so, an escalation waits, even if the alert opened before the window.
 */
export function isMuted(now: Date): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from (${runningWindows(now)}) w left join ${deviceRows} d on d.id = a.device_id
    where w.organization_id = a.organization_id and w.suppress_alerts and ${coversAlert})`;
}

/** Devices that a window covers but whose status does not show it, and the other way round. */
export async function findStatusDrift(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ device_id: string; covered: boolean }[]> {
  const { rows } = await sql<{ device_id: string; covered: boolean }>`
    with w as materialized (${runningWindows(now)}),
    covered as materialized (
      select distinct d.id from w join ${deviceRows} d on d.organization_id = w.organization_id and ${reaches(sql`d.site_id`)}
    )
    select ds.device_id, true as covered from covered join ${deviceStateRows} ds on ds.device_id = covered.id
    where ds.status <> 'maintenance'
    union all
    select m.device_id, false from maintenance_shown m where not exists (select from covered where covered.id = m.device_id)
    limit ${limit}`.execute(tx);
  return rows;
}

export async function markShown(tx: Tx, deviceIds: readonly string[], now: Date): Promise<void> {
  await sql`insert into maintenance_shown (organization_id, device_id, since)
    select organization_id, id, ${now} from ${deviceRows} d where id = any(${[...deviceIds]}::uuid[])
    order by id on conflict (device_id) do nothing`.execute(tx);
}

export async function unmarkShown(tx: Tx, deviceIds: readonly string[]): Promise<void> {
  await sql`delete from maintenance_shown where device_id = any(${[...deviceIds]}::uuid[])`.execute(tx);
}

interface ReportRow {
  alert_id: string;
  title: string;
  severity: string;
  device: string | null;
  site: string | null;
  since: Date;
  broken_before: boolean;
  recovered_at: Date | null;
  not_back: boolean;
  total: number;
}

/** Alerts that were open at some time during the run, as they were when the run ended; heaviest first. */
export async function readFindings(
  tx: Tx,
  run: { windowId: string; startedAt: Date; endedAt: Date },
  itemsMax: number,
): Promise<MaintenanceFindings> {
  const { rows } = await sql<ReportRow>`
    with w as materialized (${windowScope(run.windowId)}),
    touched as (
      select distinct on (a.id) a.id as alert_id, a.title, a.severity, d.slug as device, p.slug as site, a.opened_at as since,
        a.opened_at < ${run.startedAt} as broken_before, a.resolved_at as recovered_at,
        coalesce(a.resolved_at > ${run.endedAt}, true) as not_back
      from w join alerts a on a.organization_id = w.organization_id
      left join ${deviceRows} d on d.id = a.device_id left join ${siteRows} p on p.id = ${siteOfAlert}
      where a.opened_at < ${run.endedAt} and coalesce(a.resolved_at > ${run.startedAt}, true) and ${coversAlert}
    ), ranked as (
      select *, (count(*) over (partition by not_back))::int as total,
        row_number() over (partition by not_back
          order by array_position(array['critical', 'high', 'medium', 'low'], severity), since, alert_id) as place
      from touched
    )
    select * from ranked where place <= ${itemsMax} order by not_back desc, place`.execute(tx);
  const [notBack, recovered] = [rows.filter((row) => row.not_back), rows.filter((row) => !row.not_back)];
  return {
    not_back: notBack.map(toFinding),
    recovered: recovered.map(toFinding),
    not_back_total: notBack[0]?.total ?? 0,
    recovered_total: recovered[0]?.total ?? 0,
  };
}

function toFinding(row: ReportRow): MaintenanceFindings['not_back'][number] {
  return {
    alert_id: row.alert_id,
    title: row.title,
    severity: row.severity,
    device: row.device,
    site: row.site,
    since: row.since.toISOString(),
    broken_before: row.broken_before,
    recovered_at: row.not_back ? null : (row.recovered_at?.toISOString() ?? null),
  };
}
