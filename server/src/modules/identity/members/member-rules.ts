import type { Role } from '@watchkeeper/contracts';
import type { Member } from '@watchkeeper/contracts/identity';
import type { Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { selectOrganization } from '../organizations/store.ts';
import { permissionsOf, requireAllOf } from '../principal.ts';
import type { Scope } from '../scope.ts';
import { countOwners, type MemberRow, selectMember } from './store.ts';

/** An admin makes no owners, and a key of few scopes makes no admins. @throws forbidden */
export function requireMayGrant(scope: Scope, role: Role): void {
  requireAllOf(scope.permissions, permissionsOf(role), `make somebody ${role}`);
}

/** Nor does an admin demote, remove or lock out an owner. @throws forbidden */
export function requireMayChange(scope: Scope, member: Pick<MemberRow, 'role'>): void {
  requireAllOf(scope.permissions, permissionsOf(member.role), `change the membership of an ${member.role}`);
}

/** The member, with the organization locked: two owners who demote each other do so one after the other. */
export async function lockMember(tx: Tx, scope: Scope, userId: string): Promise<MemberRow> {
  await selectOrganization(tx, scope.organizationId, { lock: true });
  const member = await selectMember(tx, scope.organizationId, userId);
  if (member === undefined) throw notFound('member');
  return member;
}

/** @throws conflict when `member` is the only owner left. */
export async function requireOtherOwner(tx: Tx, scope: Scope, member: MemberRow): Promise<void> {
  if (member.role !== 'owner' || (await countOwners(tx, scope.organizationId)) > 1) return;
  throw new AppError('conflict', `${member.email} is the last owner. Make somebody else an owner first.`);
}

export function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    created_at: row.created_at.toISOString(),
  };
}

export function auditTarget(row: Pick<MemberRow, 'id' | 'email'>) {
  return { kind: 'member', id: row.id, name: row.email } as const;
}
