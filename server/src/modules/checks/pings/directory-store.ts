import { sql } from 'kysely';
import { organizationRows } from '#modules/identity';
import type { Tx } from '#platform/db/database';

export interface TargetRow {
  readonly check_id: string;
  readonly organization_id: string;
  readonly enabled: boolean;
  readonly ping_id: string;
  readonly push_token: string;
  readonly slug: string;
  /** The ping key in the question, when the check was asked for by key and slug. */
  readonly key: string | null;
}

const columns = sql.raw('p.check_id, p.organization_id, c.enabled, p.ping_id, p.push_token, c.slug');

export async function selectByPingIds(tx: Tx, ids: readonly string[]): Promise<TargetRow[]> {
  const { rows } = await sql<TargetRow>`
    select ${columns}, null::text as key from ping_checks p join checks c on c.id = p.check_id
    where p.ping_id = any(${ids}::uuid[])`.execute(tx);
  return rows;
}

export async function selectByPushTokens(tx: Tx, tokens: readonly string[]): Promise<TargetRow[]> {
  const { rows } = await sql<TargetRow>`
    select ${columns}, null::text as key from ping_checks p join checks c on c.id = p.check_id
    where p.push_token = any(${tokens}::text[])`.execute(tx);
  return rows;
}

export async function selectBySlugs(
  tx: Tx,
  questions: readonly { readonly key: string; readonly slug: string }[],
): Promise<TargetRow[]> {
  const { rows } = await sql<TargetRow>`
    select ${columns}, k.key
    from unnest(${questions.map(({ key }) => key)}::text[], ${questions.map(({ slug }) => slug)}::text[]) as q(key, slug)
    join ping_keys k on k.key = q.key
    join checks c on c.organization_id = k.organization_id and c.slug = q.slug
    join ping_checks p on p.check_id = c.id`.execute(tx);
  return rows;
}

export interface KeyOwner {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly organization_id: string;
  readonly organization_slug: string;
}

export async function selectKeyOwners(tx: Tx, keys: readonly string[]): Promise<KeyOwner[]> {
  const { rows } = await sql<KeyOwner>`
    select k.id, k.key, k.name, k.organization_id, o.slug as organization_slug
    from ping_keys k join ${organizationRows} o on o.id = k.organization_id where k.key = any(${keys}::text[])`.execute(
    tx,
  );
  return rows;
}
