import type { Role } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface MemberRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  created_at: Date;
}

export async function insertMember(
  tx: Tx,
  member: { organizationId: string; userId: string; role: Role; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into members (organization_id, user_id, role, created_at, updated_at)
    values (${member.organizationId}, ${member.userId}, ${member.role}, ${member.now}, ${member.now})
    on conflict do nothing returning user_id`.execute(tx);
  return rows.length === 1;
}

export async function selectMember(
  tx: Tx,
  organizationId: string,
  userId: string,
): Promise<MemberRow | undefined> {
  const { rows } = await sql<MemberRow>`
    select u.id, u.email, u.name, m.role, m.created_at
    from members m join users u on u.id = m.user_id
    where m.organization_id = ${organizationId} and m.user_id = ${userId}`.execute(tx);
  return rows[0];
}

export interface ListedMemberRow extends MemberRow {
  /** null: a member. Otherwise the end of the invitation. */
  invited_until: Date | null;
}

/** Members and open invitations, in order of e-mail. */
export async function selectMembers(
  tx: Tx,
  options: { organizationId: string; afterEmail: string | undefined; limit: number; now: Date },
): Promise<ListedMemberRow[]> {
  const { organizationId, afterEmail, limit, now } = options;
  const { rows } = await sql<ListedMemberRow>`
    select * from (
      select u.id, u.email, u.name, m.role, m.created_at, null::timestamptz as invited_until
      from members m join users u on u.id = m.user_id
      where m.organization_id = ${organizationId}
      union all
      select id, email, name, role, created_at, expires_at from invitations
      where organization_id = ${organizationId} and expires_at > ${now}) listed
    where ${afterEmail === undefined ? sql`true` : sql`email > ${afterEmail}`}
    order by email limit ${limit}`.execute(tx);
  return rows;
}

/** Whether a member has this address. */
export async function hasMember(tx: Tx, organizationId: string, email: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from members m join users u on u.id = m.user_id
    where m.organization_id = ${organizationId} and u.email = ${email}`.execute(tx);
  return rows.length > 0;
}

export async function countOwners(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await sql<{ owners: number }>`
    select count(*)::int as owners from members
    where organization_id = ${organizationId} and role = 'owner'`.execute(tx);
  return rows[0]?.owners ?? 0;
}

export async function updateMemberRole(
  tx: Tx,
  member: { organizationId: string; userId: string; role: Role; now: Date },
): Promise<void> {
  await sql`
    update members set role = ${member.role}, updated_at = ${member.now}
    where organization_id = ${member.organizationId} and user_id = ${member.userId}`.execute(tx);
}

export async function deleteMember(tx: Tx, organizationId: string, userId: string): Promise<void> {
  await sql`delete from members where organization_id = ${organizationId} and user_id = ${userId}`.execute(
    tx,
  );
}
