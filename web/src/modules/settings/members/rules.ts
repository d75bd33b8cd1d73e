import type { Permission, Role } from '@watchkeeper/contracts';
import type { Member } from '@watchkeeper/contracts/identity';
import { rolePermissions, roles } from '@watchkeeper/contracts/vocabulary';

/** Nobody gives what they do not have: an admin makes no owners. */
export function grantableRoles(can: (permission: Permission) => boolean): Role[] {
  return roles.filter((role) => rolePermissions[role].every(can));
}

export type Obstacle = 'lastOwner' | 'aboveYou';

/** Why this member's role stays as it is; undefined when it may be changed. */
export function obstacleTo(
  member: Pick<Member, 'id' | 'role'>,
  members: readonly Pick<Member, 'id' | 'role'>[],
  can: (permission: Permission) => boolean,
): Obstacle | undefined {
  if (!rolePermissions[member.role].every(can)) return 'aboveYou';
  const owners = members.filter((each) => each.role === 'owner').length;
  return member.role === 'owner' && owners === 1 ? 'lastOwner' : undefined;
}
