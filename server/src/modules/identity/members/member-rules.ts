import type { Role } from '@watchkeeper/contracts';
import type { Member } from '@watchkeeper/contracts/identity';
import type { Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { type InvitationRow, lockInvitation } from '../invitations/store.ts';
import { selectOrganization } from '../organizations/store.ts';
import { permissionsOf, requireAllOf } from '../principal.ts';
import type { Scope } from '../scope.ts';
import { countOwners, type ListedMemberRow, type MemberRow, selectMember } from './store.ts';

/** An admin cannot create owners, and a key with few scopes cannot create admins. @throws forbidden */
export function requireMayGrant(scope: Scope, role: Role): void {
  requireAllOf(scope.permissions, permissionsOf(role), `make somebody ${role}`);
}

/** Whether the role has a permission that the other does not have. */
export function mayMore(role: Role, than: Role): boolean {
  const held = permissionsOf(than);
  return [...permissionsOf(role)].some((permission) => !held.has(permission));
}

/** An admin cannot demote, remove or lock out an owner either. @throws forbidden */
export function requireMayChange(scope: Scope, member: Pick<MemberRow, 'role'>): void {
  requireAllOf(scope.permissions, permissionsOf(member.role), `change the membership of an ${member.role}`);
}

/** A member, or a person with an open invitation. */
export type Person =
  | { member: MemberRow; invitation?: never }
  | { invitation: InvitationRow; member?: never };

/** With the organization locked: two owners who demote each other do so one after the other. @throws not_found */
export async function lockPerson(tx: Tx, scope: Scope, id: string): Promise<Person> {
  await selectOrganization(tx, scope.organizationId, { lock: true });
  const member = await selectMember(tx, scope.organizationId, id);
  if (member !== undefined) return { member };
  const invitation = await lockInvitation(tx, scope.organizationId, id);
  if (invitation === undefined) throw notFound('member');
  return { invitation };
}

/** @throws conflict when `member` is the only owner left. */
export async function requireOtherOwner(tx: Tx, scope: Scope, member: MemberRow): Promise<void> {
  if (member.role !== 'owner' || (await countOwners(tx, scope.organizationId)) > 1) return;
  throw new AppError('conflict', `${member.email} is the last owner. First make somebody else an owner.`);
}

export function toMember(row: MemberRow): Member {
  return toListedMember({ ...row, invited_until: null });
}

export function toInvited(row: InvitationRow): Member {
  return toListedMember({ ...row, invited_until: row.expires_at });
}

export function toListedMember(row: ListedMemberRow): Member {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    status: row.invited_until === null ? 'active' : 'invited',
    created_at: row.created_at.toISOString(),
    invited_until: row.invited_until?.toISOString() ?? null,
  };
}

export function auditTarget(row: Pick<MemberRow, 'id' | 'email'>) {
  return { kind: 'member', id: row.id, name: row.email } as const;
}
