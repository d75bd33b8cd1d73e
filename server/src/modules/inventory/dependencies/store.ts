import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { Edge } from './find-cycle.ts';

/** One writer of dependencies per organization at a time: two half circles must not close each other. */
export async function lockDependencies(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`inventory.dependencies:${organizationId}`}, 0))`.execute(
    tx,
  );
}

export interface ParentRow {
  id: string;
  slug: string;
}

/** Locked until the transaction ends, so that none of them is deleted in the meantime. */
export async function selectParents(
  tx: Tx,
  organizationId: string,
  references: readonly string[],
): Promise<ParentRow[]> {
  const { rows } = await sql<ParentRow>`
    select id, slug from devices
    where organization_id = ${organizationId} and (slug = any(${[...references]}::text[]) or id = any(${references.filter(isId)}::uuid[]))
    order by id for key share`.execute(tx);
  return rows;
}

/** Everything these devices depend on, directly or through others. */
export async function selectEdgesFrom(
  tx: Tx,
  organizationId: string,
  deviceIds: readonly string[],
): Promise<Edge[]> {
  const { rows } = await sql<{ device: string; depends_on: string }>`
    with recursive reached(id) as (
      select unnest(${[...deviceIds]}::uuid[])
      union
      select x.depends_on_device_id from device_dependencies x join reached r on r.id = x.device_id
      where x.organization_id = ${organizationId}
    )
    select d.slug as device, p.slug as depends_on
    from reached r
    join device_dependencies x on x.organization_id = ${organizationId} and x.device_id = r.id
    join devices d on d.organization_id = x.organization_id and d.id = x.device_id
    join devices p on p.organization_id = x.organization_id and p.id = x.depends_on_device_id
    order by d.slug, p.slug`.execute(tx);
  return rows.map((row) => ({ device: row.device, dependsOn: row.depends_on }));
}

/** Sets what the devices depend on, all at once: pairs that are not named go. */
export async function replaceDependencies(
  tx: Tx,
  organizationId: string,
  deviceIds: readonly string[],
  pairs: readonly { deviceId: string; parentId: string }[],
): Promise<void> {
  const [children, parents] = [pairs.map((pair) => pair.deviceId), pairs.map((pair) => pair.parentId)];
  await sql`
    delete from device_dependencies x
    where x.organization_id = ${organizationId} and x.device_id = any(${[...deviceIds]}::uuid[])
      and not exists (
        select from unnest(${children}::uuid[], ${parents}::uuid[]) w(device_id, parent_id)
        where w.device_id = x.device_id and w.parent_id = x.depends_on_device_id)`.execute(tx);
  await sql`
    insert into device_dependencies (organization_id, device_id, depends_on_device_id)
    select ${organizationId}, w.device_id, w.parent_id from unnest(${children}::uuid[], ${parents}::uuid[]) w(device_id, parent_id)
    on conflict do nothing`.execute(tx);
}

/** Devices that depend on one of these and are not one of these themselves. */
export async function selectDependents(
  tx: Tx,
  organizationId: string,
  deviceIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ device_id: string }>`
    select distinct device_id from device_dependencies
    where organization_id = ${organizationId} and depends_on_device_id = any(${[...deviceIds]}::uuid[])
      and device_id <> all(${[...deviceIds]}::uuid[])`.execute(tx);
  return rows.map((row) => row.device_id);
}
