import type { Permission, Role } from '@watchkeeper/contracts';
import { AppError } from '#platform/errors';

/** Who acts. Closed: audit rows and timelines name one of these. */
export type Caller =
  | { readonly kind: 'user'; readonly id: string; readonly name: string }
  | { readonly kind: 'api_key'; readonly id: string; readonly name: string }
  | { readonly kind: 'device'; readonly id: string; readonly name: string }
  /** A person whom only the third party of a channel knows; `id` is that of the channel. */
  | { readonly kind: 'channel'; readonly id: string; readonly name: string }
  | { readonly kind: 'system'; readonly id: string; readonly name: string };

/** A caller inside one organization: the first argument of every verb. */
export interface Scope {
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly caller: Caller;
  /** null for API keys, devices, channels, the system, and provider staff who are no members. */
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
  /** When the credential itself ends, in milliseconds since the epoch; absent: it does not end by itself. */
  readonly credentialEnds?: number;
  readonly requestId: string;
  /** The peer's address, for the audit record. */
  readonly ip?: string;
}

/** A caller of the provider API: the organizations it may see, or all of them. */
export interface ProviderScope {
  readonly caller: Caller;
  /** null means every organization (the cross-tenant provider role). */
  readonly organizationIds: readonly string[] | null;
  /** Permissions in every organization; absent for callers of certain organizations. */
  readonly permissions?: ReadonlySet<Permission>;
  readonly requestId: string;
  readonly ip?: string;
  /** The caller's scope in one of these organizations. @throws not_found outside them. */
  within(organizationId: string): Promise<Scope>;
}

/** The first line of every verb. @throws forbidden */
export function requirePermission(scope: Scope, permission: Permission): void {
  if (!scope.permissions.has(permission)) throw lacks(permission);
}

/** The answer for a caller without the permission. */
export function lacks(permission: Permission): AppError {
  return new AppError(
    'forbidden',
    `This needs the permission "${permission}", which your credential does not have.`,
  );
}

/** Who made a link; both null: made by the release before. */
export interface Maker {
  readonly made_by_kind: string | null;
  readonly made_by_id: string | null;
}

export function makerOf({ caller }: Scope): Maker {
  return { made_by_kind: caller.kind, made_by_id: caller.id };
}

/** A credential that ends may not create a membership or an address that stays. @throws forbidden */
export function requireLasting(scope: Scope, deed: string): void {
  if (scope.credentialEnds === undefined) return;
  throw new AppError(
    'forbidden',
    `Your key ends at ${new Date(scope.credentialEnds).toISOString()}, but the result would last longer. To ${deed}, sign in, or use a key without an end.`,
  );
}

/** Watchkeeper acting by itself: rule engine, retention, demo. */
export function systemScope(organizationId: string, organizationSlug: string, name: string): Scope {
  return {
    organizationId,
    organizationSlug,
    caller: { kind: 'system', id: name, name },
    role: null,
    permissions: new Set<Permission>([
      'read',
      'alerts:operate',
      'inventory:write',
      'telemetry:write',
      'rules:write',
      'channels:write',
    ]),
    requestId: 'system',
  };
}

/** Somebody who acts from within a message, by a callback that the channel's secret has signed. */
export function channelScope(
  organization: { readonly id: string; readonly slug: string },
  by: {
    readonly channel: { readonly id: string; readonly name: string };
    /** As the third party names them. */
    readonly actor: string;
    readonly permissions: readonly Permission[];
    readonly requestId: string;
    readonly ip: string;
  },
): Scope {
  return {
    organizationId: organization.id,
    organizationSlug: organization.slug,
    // Both names: the third party's words alone could be those of a member.
    caller: { kind: 'channel', id: by.channel.id, name: `${by.actor} (${by.channel.name})` },
    role: null,
    permissions: new Set(by.permissions),
    requestId: by.requestId,
    ip: by.ip,
  };
}
