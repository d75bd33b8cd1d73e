import type { Permission } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { Caller } from '../scope.ts';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  scopes: Permission[];
  created_by_kind: string;
  created_by_id: string;
  created_by_name: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

const columns = sql`id, name, prefix, scopes, created_by_kind, created_by_id, created_by_name, created_at, expires_at, last_used_at`;

export async function insertApiKey(
  tx: Tx,
  key: {
    id: string;
    organizationId: string;
    name: string;
    prefix: string;
    hash: Buffer;
    scopes: readonly Permission[];
    expiresAt: Date | null;
    createdBy: Caller;
    now: Date;
  },
): Promise<ApiKeyRow | undefined> {
  const { rows } = await sql<ApiKeyRow>`
    insert into api_keys (id, organization_id, name, prefix, hash, scopes, expires_at,
      created_by_kind, created_by_id, created_by_name, created_at)
    values (${key.id}, ${key.organizationId}, ${key.name}, ${key.prefix}, ${key.hash}, ${[...key.scopes]}::text[],
      ${key.expiresAt}, ${key.createdBy.kind}, ${key.createdBy.id}, ${key.createdBy.name}, ${key.now})
    returning ${columns}`.execute(tx);
  return rows[0];
}

/** Keys that are not revoked, newest first; expired keys included. */
export async function selectApiKeys(
  tx: Tx,
  options: { organizationId: string; after: { at: Date; id: string } | undefined; limit: number },
): Promise<ApiKeyRow[]> {
  const { organizationId, after, limit } = options;
  const { rows } = await sql<ApiKeyRow>`
    select ${columns} from api_keys
    where organization_id = ${organizationId} and revoked_at is null
      and ${after === undefined ? sql`true` : sql`(created_at, id) < (${after.at}, ${after.id})`}
    order by created_at desc, id desc limit ${limit}`.execute(tx);
  return rows;
}

/** The key and all keys created with it, directly or indirectly; the given key comes first. */
export async function revokeKeys(
  tx: Tx,
  organizationId: string,
  id: string,
  now: Date,
): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`
    with recursive family as (
      select id from api_keys where organization_id = ${organizationId} and id = ${id} and revoked_at is null
      union
      select k.id from api_keys k join family f on k.created_by_kind = 'api_key' and k.created_by_id = f.id::text
      where k.organization_id = ${organizationId}
    )
    update api_keys set revoked_at = ${now}
    where id in (select id from family) and revoked_at is null
    returning ${columns}`.execute(tx);
  return rows.sort((one, other) => Number(other.id === id) - Number(one.id === id));
}

/** A key that was revoked or has expired. */
export async function findEndedKey(
  tx: Tx,
  hash: Buffer,
): Promise<{ id: string; organization_id: string | null; name: string } | undefined> {
  const { rows } = await sql<{ id: string; organization_id: string | null; name: string }>`
    select id, organization_id, name from api_keys where hash = ${hash}`.execute(tx);
  return rows[0];
}

/** A key by its id, if it is valid. */
export async function selectStandingKey(
  tx: Tx,
  id: string,
  now: Date,
): Promise<{ organization_id: string | null; scopes: Permission[] } | undefined> {
  const { rows } = await sql<{ organization_id: string | null; scopes: Permission[] }>`
    select organization_id, scopes from api_keys
    where id = ${id} and revoked_at is null and (expires_at is null or expires_at > ${now})`.execute(tx);
  return rows[0];
}

export interface ActiveKeyRow {
  id: string;
  name: string;
  scopes: Permission[];
  expires_at: Date | null;
  /** All null: provider scope. */
  organization_id: string | null;
  slug: string | null;
  organization_name: string | null;
}

/** Last use is kept to the minute: a busy key must not rewrite its row on every request. */
const lastUseSeconds = 60;

/** By hash, across tenants: the key itself says whose it is. */
export async function useApiKey(tx: Tx, hash: Buffer, now: Date): Promise<ActiveKeyRow | undefined> {
  const { rows } = await sql<ActiveKeyRow>`
    select k.id, k.name, k.scopes, k.expires_at, k.organization_id, o.slug, o.name as organization_name
    from api_keys k left join organizations o on o.id = k.organization_id
    where k.hash = ${hash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})`.execute(
    tx,
  );
  const found = rows[0];
  if (found === undefined) return undefined;
  await sql`
    update api_keys set last_used_at = ${now}
    where id = ${found.id}
      and (last_used_at is null or last_used_at < ${now}::timestamptz - make_interval(secs => ${lastUseSeconds}))`.execute(
    tx,
  );
  return found;
}
