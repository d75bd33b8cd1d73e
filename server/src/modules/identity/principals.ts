import { createHash, timingSafeEqual } from 'node:crypto';
import type { Permission, Role } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import { hashSecret } from '#platform/ids';
import type { LiveChange } from '#platform/live';
import { type PrincipalUserRow, selectUserWithMemberships } from './accounts/store.ts';
import { type ActiveKeyRow, useApiKey } from './api-keys/store.ts';
import { ExpiringCache } from './expiring-cache.ts';
import { findOrganization } from './organizations/list-organizations.ts';
import {
  allPermissions,
  type Grant,
  type OrganizationRef,
  type Principal,
  permissionsOf,
  toRole,
} from './principal.ts';

/** If a NOTIFY is lost, a removed role or key still ends within this time. */
const cacheMs = 5_000;
const cachedMax = 10_000;

/** The principal of a credential, and the organizations: read often, changed seldom. */
export interface Principals extends Disposable {
  ofUser(userId: string): Promise<Principal | undefined>;
  ofApiKey(key: string): Promise<Principal | undefined>;
  organization(slugOrId: string): Promise<OrganizationRef | undefined>;
  /** After a change in this process: it need not wait for its own NOTIFY. */
  forget(callerId: string): void;
}

export function createPrincipals(ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'live'>): Principals {
  const options = { clock: ctx.clock, ttlMs: cacheMs, entriesMax: cachedMax };
  const principals = new ExpiringCache<Principal>(options);
  const organizations = new ExpiringCache<OrganizationRef>(options);
  const bootstrap = bootstrapPrincipal(ctx.config.bootstrap.apiKey);

  const unsubscribe = ctx.live.subscribe(null, (change: LiveChange) => {
    if (change.topic === 'resync' || (isOurs(change.topic) && change.ids.length === 0)) {
      principals.forget(() => true);
      organizations.forget(() => true);
    } else if (change.topic === 'organization') {
      organizations.forget((one) => change.ids.includes(one.id));
      principals.forget((one) => one.grants.some((grant) => change.ids.includes(grant.organization.id)));
    } else if (isOurs(change.topic)) {
      principals.forget((one) => change.ids.includes(one.caller.id));
    }
  });

  return {
    async ofUser(userId) {
      // System transactions: we are looking for the organizations of the caller.
      return await principals.get(`user:${userId}`, async () =>
        toUserPrincipal(await ctx.db.system((tx) => selectUserWithMemberships(tx, userId))),
      );
    },
    async ofApiKey(key) {
      const hash = hashSecret(key);
      if (bootstrap !== undefined && timingSafeEqual(hash, bootstrap.hash)) return bootstrap.principal;
      const found = await principals.get(`key:${hash.toString('base64url')}`, async () => {
        const row = await ctx.db.system((tx) => useApiKey(tx, hash, new Date(ctx.clock.now())));
        return row && toKeyPrincipal(row);
      });
      const ended = found?.expiresAt != null && found.expiresAt <= ctx.clock.now();
      return ended ? undefined : found;
    },
    async organization(slugOrId) {
      return await organizations.get(slugOrId.toLowerCase(), async () => {
        const row = await ctx.db.system((tx) => findOrganization(tx, slugOrId));
        return row && { id: row.id, slug: row.slug, name: row.name };
      });
    },
    forget: (callerId) => principals.forget((one) => one.caller.id === callerId),
    [Symbol.dispose]: unsubscribe,
  };
}

function isOurs(topic: string): boolean {
  return topic === 'member' || topic === 'api_key' || topic === 'organization';
}

/** BOOTSTRAP_API_KEY exists only in the configuration. Its id names it in the audit without revealing it. */
function bootstrapPrincipal(key: string | undefined): { hash: Buffer; principal: Principal } | undefined {
  if (key === undefined) return undefined;
  const hash = hashSecret(key);
  const id = `bootstrap-${createHash('sha256').update(hash).digest('hex').slice(0, 8)}`;
  return {
    hash,
    principal: {
      caller: { kind: 'api_key', id, name: 'BOOTSTRAP_API_KEY' },
      user: null,
      everywhere: allPermissions,
      grants: [],
      tokenVersion: 0,
      expiresAt: null,
    },
  };
}

function toUserPrincipal(rows: readonly PrincipalUserRow[]): Principal | undefined {
  const user = rows[0];
  if (user === undefined) return undefined;
  return {
    caller: { kind: 'user', id: user.id, name: user.name },
    user: { id: user.id, email: user.email, name: user.name },
    everywhere: user.provider_role === 'provider' ? allPermissions : null,
    grants: rows.flatMap(toGrant),
    tokenVersion: user.token_version,
    expiresAt: null,
  };
}

function toGrant(row: PrincipalUserRow): Grant[] {
  const role = toRole(row.role);
  if (row.organization_id === null || row.slug === null || role === undefined) return [];
  return [grantOf(row.organization_id, row.slug, row.organization_name, role, permissionsOf(role))];
}

function toKeyPrincipal(row: ActiveKeyRow): Principal {
  const scopes = new Set(row.scopes);
  const { organization_id: id, slug } = row;
  const bound = id !== null && slug !== null;
  return {
    caller: { kind: 'api_key', id: row.id, name: row.name },
    user: null,
    everywhere: bound ? null : scopes,
    grants: bound ? [grantOf(id, slug, row.organization_name, null, scopes)] : [],
    tokenVersion: 0,
    expiresAt: row.expires_at?.getTime() ?? null,
  };
}

function grantOf(
  id: string,
  slug: string,
  name: string | null,
  role: Role | null,
  permissions: ReadonlySet<Permission>,
): Grant {
  return { organization: { id, slug, name: name ?? slug }, role, permissions };
}
