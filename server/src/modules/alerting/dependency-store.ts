import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Rule kinds whose open alert means that the device itself is down, so that what hangs on it is a consequence. */
export const kindsOfDown = ['absence', 'check_failure'];

/** For each of these devices that has a parent that is down: the name of one such parent. */
export async function findParentsDown(tx: Tx, deviceIds: readonly string[]): Promise<Map<string, string>> {
  if (deviceIds.length === 0) return new Map();
  const { rows } = await sql<{ device_id: string; name: string }>`
    select distinct on (dd.device_id) dd.device_id, p.name
    from device_dependencies dd
    join alerts a on a.device_id = dd.depends_on_device_id and a.status <> 'resolved' and a.kind = any(${kindsOfDown})
    join devices p on p.id = dd.depends_on_device_id
    where dd.device_id = any(${deviceIds}::uuid[])
    order by dd.device_id, a.opened_at`.execute(tx);
  return new Map(rows.map((row) => [row.device_id, row.name]));
}

export interface DependencyDrift {
  alert_id: string;
  parent_name: string | null;
}

/** Open device alerts that ought to be suppressed by a parent and are not, or the other way round. */
export async function findDependencyDrift(tx: Tx, limit: number): Promise<DependencyDrift[]> {
  const { rows } = await sql<DependencyDrift>`
    with down as materialized (
      select dd.device_id, min(p.name) as name from device_dependencies dd
      join alerts pa on pa.device_id = dd.depends_on_device_id and pa.status <> 'resolved' and pa.kind = any(${kindsOfDown})
      join devices p on p.id = dd.depends_on_device_id
      group by 1
    )
    select a.id as alert_id, down.name as parent_name from down
    join alerts a on a.device_id = down.device_id where a.status <> 'resolved' and a.suppressed_by is null
    union all
    select a.id, null from alerts a where a.status <> 'resolved' and a.suppressed_by = 'dependency'
      and not exists (select from down where down.device_id = a.device_id)
    limit ${limit}`.execute(tx);
  return rows;
}

/** Of these devices: which hangs on which. For opening parents' alerts before their children's. */
export async function readDependencies(
  tx: Tx,
  deviceIds: readonly string[],
): Promise<{ child: string; parent: string }[]> {
  const { rows } = await sql<{ child: string; parent: string }>`
    select device_id as child, depends_on_device_id as parent from device_dependencies
    where device_id = any(${deviceIds}::uuid[]) and depends_on_device_id = any(${deviceIds}::uuid[])`.execute(
    tx,
  );
  return rows;
}
