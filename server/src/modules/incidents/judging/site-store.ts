import type { DeviceStatus } from '@watchkeeper/contracts';
import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { sql } from 'kysely';
import { checkRows, checkStateRows } from '#modules/checks';
import { areaRows, deviceRows, siteRows } from '#modules/inventory';
import { reaches, runningWindows } from '#modules/maintenance';
import { readingRows, sourceRows } from '#modules/sources';
import { deviceStateRows, deviceStatusChangeRows, eventCountRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';

/** What the verdicts about sites stand on, each read for many sites at once, at the doors of lower modules. */

export interface SiteRow {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly opening_hours: OpeningHours | null;
}

export async function selectSites(tx: Tx, siteIds: readonly string[]): Promise<SiteRow[]> {
  const { rows } = await sql<SiteRow>`
    select id, name, timezone, opening_hours from ${siteRows} s where id = any(${[...siteIds]}::uuid[])`.execute(
    tx,
  );
  return rows;
}

export interface SiteDeviceRow {
  readonly id: string;
  readonly site_id: string;
  readonly slug: string;
  readonly area: string | null;
  readonly status: DeviceStatus;
  readonly status_since: Date;
  readonly last_seen_at: Date | null;
  readonly under_maintenance: boolean;
  /** The last time that it was lost, and when it was back, since `since`; null: it was not. */
  readonly lost_at: Date | null;
  readonly back_at: Date | null;
}

/** Of a larger site, the first so many devices by slug are read. */
export const devicesPerSiteMax = 500;

export async function selectSiteDevices(
  tx: Tx,
  siteIds: readonly string[],
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<SiteDeviceRow[]> {
  const { rows } = await sql<SiteDeviceRow>`
    with w as materialized (${runningWindows(now)})
    select d.id, d.site_id, d.slug, ar.slug as area, coalesce(x.status, 'unknown') as status,
      coalesce(x.status_since, d.created_at) as status_since, x.last_seen_at,
      exists (select from w where w.organization_id = d.organization_id and ${reaches(sql`d.site_id`)}) as under_maintenance,
      l.at as lost_at, b.at as back_at
    from unnest(${[...siteIds]}::uuid[]) as wanted(id)
    cross join lateral (
      select * from ${deviceRows} r where r.site_id = wanted.id and r.retired_at is null
      order by r.slug limit ${devicesPerSiteMax}
    ) d
    left join ${areaRows} ar on ar.id = d.area_id
    left join ${deviceStateRows} x on x.device_key = d.key
    left join lateral (
      select c.at from ${deviceStatusChangeRows} c where c.device_key = d.key and c.at >= ${since}
        and c.status in ('offline', 'unresponsive') order by c.at desc, c.id desc limit 1
    ) l on true
    left join lateral (
      select c.at from ${deviceStatusChangeRows} c where c.device_key = d.key and c.at >= l.at
        and c.status in ('online', 'degraded') order by c.at, c.id limit 1
    ) b on true`.execute(tx);
  return rows;
}

export interface SiteCheckRow {
  readonly site_id: string;
  readonly slug: string;
  readonly kind: string;
  readonly status: string;
  readonly reason: string | null;
  readonly last_at: Date;
}

const checksPerSiteMax = 100;

/** Checks of the sites themselves, not of a device. */
export async function selectSiteChecks(tx: Tx, siteIds: readonly string[]): Promise<SiteCheckRow[]> {
  const { rows } = await sql<SiteCheckRow>`
    select c.* from unnest(${[...siteIds]}::uuid[]) as wanted(id)
    cross join lateral (
      select k.site_id, k.slug, k.kind, st.status, st.reason, st.last_at
      from ${checkRows} k join ${checkStateRows} st on st.check_id = k.id
      where k.site_id = wanted.id and k.device_id is null and k.enabled and st.last_at is not null
      order by k.slug limit ${checksPerSiteMax}
    ) c`.execute(tx);
  return rows;
}

export interface SourceRow {
  readonly slug: string;
  readonly name: string;
  readonly read_at: Date | null;
  readonly down: boolean;
}

const sourcesMax = 100;

/** The third parties of the organization. */
export async function selectSources(tx: Tx, organizationId: string): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`
    select so.slug, coalesce(c.name, so.slug) as name, r.read_at, coalesce(st.status = 'down', false) as down
    from ${sourceRows} so left join ${readingRows} r on r.source_id = so.id
    left join ${checkRows} c on c.id = so.check_id left join ${checkStateRows} st on st.check_id = so.check_id
    where so.organization_id = ${organizationId} order by so.slug limit ${sourcesMax}`.execute(tx);
  return rows;
}

export interface ActivityRow {
  readonly site_id: string;
  readonly type: string;
  /** The minute of the last such event. */
  readonly at: Date;
}

/** The last success of each type of event at each site since `since`. */
export async function selectActivity(
  tx: Tx,
  organizationId: string,
  siteIds: readonly string[],
  since: Date,
): Promise<ActivityRow[]> {
  const { rows } = await sql<ActivityRow>`
    select site_id, type, max(bucket) as at from ${eventCountRows} e
    where organization_id = ${organizationId} and bucket >= ${since} and site_id = any(${[...siteIds]}::uuid[])
      and successes > 0
    group by site_id, type`.execute(tx);
  return rows;
}
