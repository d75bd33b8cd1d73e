import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';

export interface OrganizationRow {
  id: string;
  slug: string;
  name: string;
  version: number;
  created_at: Date;
  updated_at: Date;
}

const columns = sql`id, slug, name, version, created_at, updated_at`;

export async function insertOrganization(
  tx: Tx,
  row: { id: string; slug: string; name: string; now: Date },
): Promise<OrganizationRow | undefined> {
  const { rows } = await sql<OrganizationRow>`
    insert into organizations (id, slug, name, created_at, updated_at)
    values (${row.id}, ${row.slug}, ${row.name}, ${row.now}, ${row.now})
    on conflict (slug) do nothing
    returning ${columns}`.execute(tx);
  return rows[0];
}

/** `lock` holds the row to the end of the transaction: one change of an organization at a time. */
export async function selectOrganization(
  tx: Tx,
  slugOrId: string,
  options: { lock?: boolean } = {},
): Promise<OrganizationRow | undefined> {
  const match = isId(slugOrId) ? sql`id = ${slugOrId}` : sql`slug = lower(${slugOrId})`;
  const { rows } = await sql<OrganizationRow>`
    select ${columns} from organizations where ${match} ${options.lock === true ? sql`for update` : sql``}`.execute(
    tx,
  );
  return rows[0];
}

export async function updateOrganizationName(
  tx: Tx,
  id: string,
  name: string,
  now: Date,
): Promise<OrganizationRow | undefined> {
  const { rows } = await sql<OrganizationRow>`
    update organizations set name = ${name}, version = version + 1, updated_at = ${now}
    where id = ${id} returning ${columns}`.execute(tx);
  return rows[0];
}

/** In order of slug. `ids` null: all of them. */
export async function selectOrganizations(
  tx: Tx,
  options: { ids: readonly string[] | null; afterSlug: string | undefined; limit: number },
): Promise<OrganizationRow[]> {
  const { ids, afterSlug, limit } = options;
  const conditions: RawBuilder<unknown>[] = [
    ids === null ? sql`true` : sql`id = any(${[...ids]}::uuid[])`,
    afterSlug === undefined ? sql`true` : sql`slug > ${afterSlug}`,
  ];
  const { rows } = await sql<OrganizationRow>`
    select ${columns} from organizations where ${sql.join(conditions, sql` and `)}
    order by slug limit ${limit}`.execute(tx);
  return rows;
}

export async function anyOrganization(tx: Tx): Promise<OrganizationRow | undefined> {
  const { rows } = await sql<OrganizationRow>`
    select ${columns} from organizations order by created_at, id limit 1`.execute(tx);
  return rows[0];
}
