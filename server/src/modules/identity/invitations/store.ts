import type { Role } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { Maker } from '../scope.ts';

export interface InvitationRow extends Maker {
  id: string;
  organization_id: string;
  email: string;
  name: string;
  role: Role;
  invited_by: string;
  created_at: Date;
  expires_at: Date;
}

const columns = sql`id, organization_id, email, name, role, invited_by, made_by_kind, made_by_id, created_at, expires_at`;

/** Removes an expired invitation; undefined when one is still open. */
export async function insertInvitation(
  tx: Tx,
  row: InvitationRow & { hash: Buffer },
): Promise<InvitationRow | undefined> {
  await sql`
    delete from invitations
    where organization_id = ${row.organization_id} and email = ${row.email} and expires_at <= ${row.created_at}`.execute(
    tx,
  );
  const { rows } = await sql<InvitationRow>`
    insert into invitations (organization_id, id, email, name, role, invited_by, made_by_kind, made_by_id, hash,
      created_at, expires_at)
    values (${row.organization_id}, ${row.id}, ${row.email}, ${row.name}, ${row.role}, ${row.invited_by},
      ${row.made_by_kind}, ${row.made_by_id}, ${row.hash}, ${row.created_at}, ${row.expires_at})
    on conflict (organization_id, email) do nothing returning ${columns}`.execute(tx);
  return rows[0];
}

export async function countInvitations(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from invitations where organization_id = ${organizationId}`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** Locked to the end of the transaction: an answer, a new link and a withdrawal wait for each other. */
export async function lockInvitation(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<InvitationRow | undefined> {
  const { rows } = await sql<InvitationRow>`
    select ${columns} from invitations
    where organization_id = ${organizationId} and id = ${id} for update`.execute(tx);
  return rows[0];
}

/** By its link, while open; locked, so that only one of two holders succeeds. */
export async function lockInvitationByHash(
  tx: Tx,
  hash: Buffer,
  now: Date,
): Promise<InvitationRow | undefined> {
  const { rows } = await sql<InvitationRow>`
    select ${columns} from invitations where hash = ${hash} and expires_at > ${now} for update`.execute(tx);
  return rows[0];
}

export async function updateInvitation(
  tx: Tx,
  id: string,
  change: ({ role: Role } | { hash: Buffer; expiresAt: Date }) & Maker,
): Promise<void> {
  const set =
    'role' in change
      ? sql`role = ${change.role}`
      : sql`hash = ${change.hash}, expires_at = ${change.expiresAt}`;
  const by = sql`made_by_kind = ${change.made_by_kind}, made_by_id = ${change.made_by_id}`;
  await sql`update invitations set ${set}, ${by} where id = ${id}`.execute(tx);
}

export async function deleteInvitation(tx: Tx, id: string): Promise<void> {
  await sql`delete from invitations where id = ${id}`.execute(tx);
}

export interface MyInvitationRow extends Omit<InvitationRow, keyof Maker> {
  slug: string;
  organization_name: string;
}

/** Invitations of one address, across organizations. */
export async function selectInvitationsTo(
  tx: Tx,
  email: string,
  now: Date,
  limit: number,
): Promise<MyInvitationRow[]> {
  const { rows } = await sql<MyInvitationRow>`
    select i.id, i.organization_id, i.email, i.name, i.role, i.invited_by, i.created_at, i.expires_at,
      o.slug, o.name as organization_name
    from invitations i join organizations o on o.id = i.organization_id
    where i.email = ${email} and i.expires_at > ${now}
    order by i.created_at desc, i.id limit ${limit}`.execute(tx);
  return rows;
}

export async function purgeInvitations(tx: Tx, before: Date): Promise<void> {
  await sql`delete from invitations where expires_at < ${before}`.execute(tx);
}
