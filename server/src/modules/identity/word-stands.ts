import type { Permission, Role } from '@watchkeeper/contracts';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import { selectUserWithMemberships } from './accounts/store.ts';
import { selectStandingKey } from './api-keys/store.ts';
import { allPermissions, permissionsOf, toRole } from './principal.ts';
import type { Maker } from './scope.ts';

/**
 * A link or invitation is valid only while its maker may still make it: a removed member, a revoked key and
 * a lost role end theirs.
 */
export async function wordStands(
  tx: Tx,
  organizationId: string,
  maker: Maker,
  role: Role,
  now: Date,
): Promise<boolean> {
  const held = await heldNow(tx, organizationId, maker, now);
  if (held === undefined) return true;
  return held.has('members:write') && [...permissionsOf(role)].every((permission) => held.has(permission));
}

/** undefined: the operator of the installation, or a maker from before makers were recorded. */
async function heldNow(
  tx: Tx,
  organizationId: string,
  maker: Maker,
  now: Date,
): Promise<ReadonlySet<Permission> | undefined> {
  const { made_by_kind: kind, made_by_id: id } = maker;
  // BOOTSTRAP_API_KEY has no row: it belongs to the operator, who is told to remove it when people have
  // accounts.
  if (id === null || !isId(id)) return undefined;
  if (kind === 'api_key') {
    const key = await selectStandingKey(tx, id, now);
    const here = key !== undefined && (key.organization_id ?? organizationId) === organizationId;
    return new Set(here ? key.scopes : []);
  }
  const rows = await selectUserWithMemberships(tx, id);
  if (rows[0]?.provider_role === 'provider') return allPermissions;
  const role = toRole(rows.find((row) => row.organization_id === organizationId)?.role ?? null);
  return role === undefined ? new Set() : permissionsOf(role);
}
