import { type Permission, permissions, type Role, rolePermissions, roles } from '@watchkeeper/contracts';
import { AppError } from '#platform/errors';
import type { Caller, Scope } from './scope.ts';

export interface OrganizationRef {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** What a credential may do in one organization. */
export interface Grant {
  readonly organization: OrganizationRef;
  /** null for API keys. */
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
}

/** The user or API key behind a credential, with all its rights, in one shape. */
export interface Principal {
  readonly caller: Caller;
  /** null for API keys. */
  readonly user: { readonly id: string; readonly email: string; readonly name: string } | null;
  /** Permissions in every organization (provider scope). null: only those in `grants`. */
  readonly everywhere: ReadonlySet<Permission> | null;
  readonly grants: readonly Grant[];
  /** Of a user: bearer tokens of another version ended with a change of the password. 0 for API keys. */
  readonly tokenVersion: number;
  /** Milliseconds since the epoch; an API key that is held in a cache still ends on time. */
  readonly expiresAt: number | null;
}

export const allPermissions: ReadonlySet<Permission> = new Set(permissions);

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return new Set(rolePermissions[role]);
}

export function findGrant(principal: Principal, organizationId: string): Grant | undefined {
  return principal.grants.find((grant) => grant.organization.id === organizationId);
}

export interface RequestMarks {
  readonly requestId: string;
  readonly ip?: string;
}

export function toRole(text: string | null): Role | undefined {
  return roles.find((known) => known === text);
}

/** The principal inside one organization; undefined when it has no access there. */
export function scopeIn(
  principal: Principal,
  organization: OrganizationRef,
  marks: RequestMarks,
): Scope | undefined {
  const grant = findGrant(principal, organization.id);
  if (grant === undefined && principal.everywhere === null) return undefined;
  return {
    organizationId: organization.id,
    organizationSlug: organization.slug,
    caller: principal.caller,
    role: grant?.role ?? null,
    permissions: new Set([...(principal.everywhere ?? []), ...(grant?.permissions ?? [])]),
    ...(principal.expiresAt === null ? {} : { credentialEnds: principal.expiresAt }),
    ...marks,
  };
}

/** A caller can give only permissions that it has. @throws forbidden naming the missing ones */
export function requireAllOf(
  held: ReadonlySet<Permission>,
  wanted: Iterable<Permission>,
  deed: string,
): void {
  const missing = [...wanted].filter((permission) => !held.has(permission));
  if (missing.length === 0) return;
  throw new AppError(
    'forbidden',
    `To ${deed} you need the same permissions yourself; you lack: ${missing.join(', ')}.`,
  );
}
