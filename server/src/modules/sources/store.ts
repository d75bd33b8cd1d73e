import { sql } from 'kysely';
import type { Database, Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { StoredConfig } from '#platform/kinds/secrets';
import { toJson } from '#platform/storable';
import type { Bookmark, Reading } from './reading.ts';

/** What a reading needs to know about a source. */
export interface ReadableSource extends StoredConfig {
  /** The check that schedules its readings. */
  readonly check_id: string;
  readonly organization_id: string;
  readonly id: string;
  readonly slug: string;
  readonly kind: string;
  readonly version: number;
  readonly bookmark: Bookmark;
  readonly not_before: Date | null;
}

/** Finds sources by the checks that schedule them. Across tenants, because the engine claims across tenants. */
export async function loadReadable(
  db: Pick<Database, 'pool'>,
  checkIds: readonly string[],
): Promise<ReadableSource[]> {
  const { rows } = await db.pool.query<ReadableSource>({
    name: 'sources.readable',
    text: `select s.check_id, s.organization_id, s.id, s.slug, s.kind, s.config, s.secrets, s.version, r.bookmark, r.not_before
      from sources s join source_readings r on r.source_id = s.id where s.check_id = any($1::uuid[])`,
    values: [checkIds],
  });
  return rows;
}

/**
 * Readings of one source happen one after the other. Of two, the later one stays. @returns whether this reading counts.
 */
export async function beginReading(
  tx: Tx,
  sourceId: string,
  { objects, bookmark }: Pick<Reading, 'objects' | 'bookmark'>,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update source_readings set read_at = ${at}, objects = ${objects.length}, not_before = null,
      bookmark = ${toJson(bookmark)}
    where source_id = ${sourceId} and (read_at is null or read_at <= ${at}) returning 1`.execute(tx);
  return rows.length > 0;
}

/** The third party asked for no calls before this time. */
export async function keepNotBefore(tx: Tx, sourceId: string, notBefore: Date): Promise<void> {
  await sql`update source_readings set not_before = ${notBefore} where source_id = ${sourceId}`.execute(tx);
}

export async function forgetReading(tx: Tx, sourceId: string): Promise<void> {
  await sql`
    update source_readings set read_at = null, objects = 0, bookmark = '{}' where source_id = ${sourceId}`.execute(
    tx,
  );
}

export async function countSources(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from sources where organization_id = ${organizationId}`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Whether the organization has such a source. */
export async function hasSource(
  tx: Tx,
  organizationId: string,
  kind: string,
  slug: string,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from sources where organization_id = ${organizationId} and kind = ${kind} and slug = ${slug}`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Locks a source for a change, found by slug, else by id. @returns its id. */
export async function lockSource(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from sources
    where organization_id = ${organizationId} and (slug = ${reference} or id = ${isId(reference) ? reference : null})
    order by (slug = ${reference}) desc limit 1 for update`.execute(tx);
  return rows[0]?.id;
}

export async function insertSource(
  tx: Tx,
  organizationId: string,
  source: StoredConfig & { id: string; slug: string; kind: string; checkId: string },
  at: Date,
): Promise<void> {
  await sql`
    insert into sources (organization_id, id, slug, kind, config, secrets, check_id, created_at, updated_at)
    values (${organizationId}, ${source.id}, ${source.slug}, ${source.kind}, ${JSON.stringify(source.config)}, ${source.secrets},
      ${source.checkId}, ${at}, ${at})`.execute(tx);
  await sql`
    insert into source_readings (organization_id, source_id) values (${organizationId}, ${source.id})`.execute(
    tx,
  );
}

/** After a change of address or credential, the source may be called at once, even if the old one was told to wait. */
export async function updateSourceRow(
  tx: Tx,
  organizationId: string,
  id: string,
  stored: StoredConfig,
  at: Date,
): Promise<void> {
  await sql`
    update sources set config = ${JSON.stringify(stored.config)}, secrets = ${stored.secrets}, version = version + 1,
      updated_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
  await sql`update source_readings set not_before = null where source_id = ${id}`.execute(tx);
}
