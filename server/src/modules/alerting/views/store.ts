import type { AlertViewFilter } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** The owner of saved views. Every query names both fields, so that people see only their own views. */
export interface ViewOwner {
  readonly organizationId: string;
  readonly userId: string;
}

export interface ViewRow {
  name: string;
  filter: AlertViewFilter;
  updated_at: Date;
}

export async function listViewRows(tx: Tx, owner: ViewOwner, limit: number): Promise<ViewRow[]> {
  const { rows } = await sql<ViewRow>`
    select name, filter, updated_at from alert_views
    where organization_id = ${owner.organizationId} and user_id = ${owner.userId}
    order by lower(name), name limit ${limit}`.execute(tx);
  return rows;
}

export async function putViewRow(tx: Tx, owner: ViewOwner, view: ViewRow): Promise<void> {
  await sql`
    insert into alert_views (organization_id, user_id, name, filter, updated_at)
    values (${owner.organizationId}, ${owner.userId}, ${view.name}, ${JSON.stringify(view.filter)}, ${view.updated_at})
    on conflict (organization_id, user_id, name) do update
    set filter = excluded.filter, updated_at = excluded.updated_at`.execute(tx);
}

export async function deleteViewRow(tx: Tx, owner: ViewOwner, name: string): Promise<boolean> {
  const { rows } = await sql`
    delete from alert_views where organization_id = ${owner.organizationId} and user_id = ${owner.userId}
      and name = ${name} returning 1`.execute(tx);
  return rows.length > 0;
}
