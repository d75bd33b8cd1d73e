import { sql } from 'kysely';
import { deviceDependencyRows, deviceRows } from '#modules/inventory';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';

/** Longer chains are cut. */
const chainMax = 16;

export interface Dependency {
  child: string;
  parent: string;
  /** Of the parent. */
  name: string;
}

/** The parents of these devices, and the parents of those, up to `chainMax` steps. */
export async function readAncestry(tx: Tx, deviceIds: readonly string[]): Promise<Dependency[]> {
  const { rows } = await sql<Dependency>`
    with recursive up as (
      select dd.device_id as child, dd.depends_on_device_id as parent, 1 as step from ${deviceDependencyRows} dd
      where dd.device_id = any(${[...deviceIds]}::uuid[])
      union
      select dd.device_id, dd.depends_on_device_id, up.step + 1 from up
      join ${deviceDependencyRows} dd on dd.device_id = up.parent where up.step < ${chainMax}
    )
    select distinct up.child, up.parent, p.name from up join ${deviceRows} p on p.id = up.parent
    where p.retired_at is null order by p.name, up.parent`.execute(tx);
  return rows;
}

/** Which of these devices have an open alert of silence and were not heard since it opened. */
export async function findSilenced(tx: Tx, deviceIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ device_id: string }>`
    select distinct a.device_id from alerts a join ${deviceStateRows} ds on ds.device_id = a.device_id
    where a.device_id = any(${[...deviceIds]}::uuid[]) and a.status <> 'resolved' and a.kind = 'absence'
      and ds.last_seen_at < a.opened_at`.execute(tx);
  return rows.map((row) => row.device_id);
}

export interface DependentAlert {
  alert_id: string;
  device_id: string;
  muted: boolean;
}

/** Open alerts on devices that depend on others, unless something else mutes the alert; a page by id. */
export async function listDependentAlerts(
  tx: Tx,
  after: string | null,
  limit: number,
): Promise<DependentAlert[]> {
  const { rows } = await sql<DependentAlert>`
    select a.id as alert_id, a.device_id, a.suppressed_by is not null as muted from alerts a
    where a.status <> 'resolved' and (a.suppressed_by is null or a.suppressed_by = 'dependency')
      and a.device_id is not null and (${after}::uuid is null or a.id > ${after})
      and (a.suppressed_by = 'dependency' or exists (select from ${deviceDependencyRows} dd where dd.device_id = a.device_id))
    order by a.id limit ${limit}`.execute(tx);
  return rows;
}

/** The dependencies between these devices, so that alerts of parents open before those of their children. */
export async function readDependencies(
  tx: Tx,
  deviceIds: readonly string[],
): Promise<{ child: string; parent: string }[]> {
  const { rows } = await sql<{ child: string; parent: string }>`
    select device_id as child, depends_on_device_id as parent from ${deviceDependencyRows} dd
    where device_id = any(${deviceIds}::uuid[]) and depends_on_device_id = any(${deviceIds}::uuid[])`.execute(
    tx,
  );
  return rows;
}
