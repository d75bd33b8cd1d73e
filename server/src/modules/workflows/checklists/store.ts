import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

export interface ChecklistItem {
  readonly text: string;
  readonly done_at: string | null;
  readonly done_by: string | null;
}

export interface ChecklistRow {
  readonly id: string;
  readonly incident_id: string;
  readonly title: string;
  readonly url: string | null;
  readonly items: readonly ChecklistItem[];
}

/** Made once: the id is that of the step. */
export async function putChecklist(
  tx: Tx,
  list: {
    readonly organizationId: string;
    readonly id: string;
    readonly incidentId: string;
    readonly title: string;
    readonly url: string | null;
    readonly items: readonly string[];
    readonly at: Date;
  },
): Promise<void> {
  const items = list.items.map((text): ChecklistItem => ({ text, done_at: null, done_by: null }));
  await sql`
    insert into workflow_checklists (organization_id, id, incident_id, title, url, items, created_at)
    values (${list.organizationId}, ${list.id}, ${list.incidentId}, ${list.title}, ${list.url}, ${toJson(items)}::jsonb, ${list.at})
    on conflict (id) do nothing`.execute(tx);
}

export async function listChecklists(
  tx: Tx,
  organizationId: string,
  incidentId: string,
  limit: number,
): Promise<ChecklistRow[]> {
  const { rows } = await sql<ChecklistRow>`
    select id, incident_id, title, url, items from workflow_checklists
    where organization_id = ${organizationId} and incident_id = ${incidentId} order by created_at, id limit ${limit}`.execute(
    tx,
  );
  return rows;
}

/** Locked until the transaction ends. */
export async function lockChecklist(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<ChecklistRow | undefined> {
  const { rows } = await sql<ChecklistRow>`
    select id, incident_id, title, url, items from workflow_checklists
    where organization_id = ${organizationId} and id = ${id} for update`.execute(tx);
  return rows[0];
}

export async function saveItems(tx: Tx, id: string, items: readonly ChecklistItem[]): Promise<void> {
  await sql`update workflow_checklists set items = ${toJson(items)}::jsonb where id = ${id}`.execute(tx);
}
