import type { Permission, Role } from '@watchkeeper/contracts';
import type { Member } from '@watchkeeper/contracts/identity';
import { rolePermissions, roles } from '@watchkeeper/contracts/vocabulary';

/** People can give only rights that they have: an admin cannot create owners. */
export function grantableRoles(can: (permission: Permission) => boolean): Role[] {
  return roles.filter((role) => rolePermissions[role].every(can));
}

/** An invited person has no access yet. */
export function isActive({ status }: Pick<Member, 'status'>): boolean {
  return status === 'active';
}

export type Obstacle = 'lastOwner' | 'aboveYou';

/** Why this member's role stays as it is; undefined when it may be changed. */
export function obstacleTo(
  member: Pick<Member, 'id' | 'role' | 'status'>,
  members: readonly Pick<Member, 'id' | 'role' | 'status'>[],
  can: (permission: Permission) => boolean,
): Obstacle | undefined {
  if (!rolePermissions[member.role].every(can)) return 'aboveYou';
  const owners = members.filter((each) => isActive(each) && each.role === 'owner').length;
  return isActive(member) && member.role === 'owner' && owners === 1 ? 'lastOwner' : undefined;
}
