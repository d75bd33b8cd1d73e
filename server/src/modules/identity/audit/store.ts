import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import type { Caller } from '../scope.ts';

interface AuditInsert {
  organizationId: string | null;
  caller: Caller;
  action: string;
  target: { readonly kind: string; readonly id: string; readonly name: string };
  before: string | null;
  after: string | null;
  requestId: string;
  ip: string | null;
}

export async function insertAudit(tx: Tx, row: AuditInsert): Promise<void> {
  await sql`
    insert into audit_log (id, organization_id, actor_kind, actor_id, actor_name, action,
      target_kind, target_id, target_name, before, after, request_id, ip)
    values (${newId()}, ${row.organizationId}, ${row.caller.kind}, ${row.caller.id}, ${row.caller.name}, ${row.action},
      ${row.target.kind}, ${row.target.id}, ${row.target.name}, ${row.before}::jsonb, ${row.after}::jsonb,
      ${row.requestId}, ${row.ip})`.execute(tx);
}

export interface AuditRow {
  id: string;
  at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  action: string;
  target_kind: string;
  target_id: string;
  target_name: string;
  before: unknown;
  after: unknown;
  request_id: string;
  ip: string | null;
}

export interface AuditFilter {
  organizationId: string;
  action: string | undefined;
  target: string | undefined;
  actor: string | undefined;
  since: Date | undefined;
  until: Date | undefined;
  after: { at: Date; id: string } | undefined;
  limit: number;
}

function matches(filter: Omit<AuditFilter, 'after' | 'limit'>): RawBuilder<boolean> {
  const { action, target, actor, since, until } = filter;
  const always = sql`true`;
  return sql<boolean>`
    organization_id = ${filter.organizationId}
      and ${action === undefined ? always : sql`(action = ${action} or starts_with(action, ${`${action}.`}))`}
      and ${target === undefined ? always : sql`${target} in (target_kind, target_id, target_name)`}
      and ${actor === undefined ? always : sql`${actor} in (actor_kind, actor_id, actor_name)`}
      and ${since === undefined ? always : sql`at >= ${since}`}
      and ${until === undefined ? always : sql`at < ${until}`}`;
}

export async function selectAudit(tx: Tx, filter: AuditFilter): Promise<AuditRow[]> {
  const { after } = filter;
  const { rows } = await sql<AuditRow>`
    select id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name,
      before, after, request_id, ip
    from audit_log
    where ${matches(filter)} and ${after === undefined ? sql`true` : sql`(at, id) < (${after.at}, ${after.id})`}
    order by at desc, id desc
    limit ${filter.limit}`.execute(tx);
  return rows;
}

/** How many there are, counted no further than `max`. */
export async function countAudit(
  tx: Tx,
  filter: Omit<AuditFilter, 'after' | 'limit'>,
  max: number,
): Promise<number> {
  const { rows } = await sql<{ entries: number }>`
    select count(*)::int as entries from (select from audit_log where ${matches(filter)} limit ${max}) found`.execute(
    tx,
  );
  return rows[0]?.entries ?? 0;
}
