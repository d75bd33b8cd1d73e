import type { Module } from '#platform/module';
import { purgeExpired } from './accounts/store.ts';
import { ensureBootstrap } from './bootstrap.ts';
import { identityPrivacy } from './privacy.ts';
import { memberSearch } from './search-store.ts';
import { keepSeeds, seedsOf } from './seeds.ts';

export { makeOperatorLink } from './accounts/operator-link.ts';
export { createApiKey } from './api-keys/create-api-key.ts';
export { type AuditRecord, type AuditScope, audit } from './audit/audit.ts';
export {
  authenticate,
  authorizeByKey,
  providerScope,
  requireAuthenticated,
  soleScope,
  tenantScope,
} from './authentication.ts';
export { type Bootstrapped, ensureBootstrap, renewSetupLink } from './bootstrap.ts';
export {
  type DeviceIdentity,
  deviceTokenPrefix,
  findDeviceByToken,
  issueDeviceToken,
  revokeDeviceToken,
} from './device-tokens/device-tokens.ts';
export { deviceTokenRows, organizationRows } from './door-store.ts';
export { listMemberNames } from './members/names-store.ts';
export { selectMember as findMember } from './members/store.ts';
export { createOrganization } from './organizations/create-organization.ts';
export { findOrganization, listOrganizations } from './organizations/list-organizations.ts';
export { type ErasedPerson, erasePerson } from './people/erase-person.ts';
export { type ExportedPerson, exportPerson } from './people/export-person.ts';
export {
  type Caller,
  channelScope,
  type ProviderScope,
  requireLasting,
  requirePermission,
  type Scope,
  systemScope,
} from './scope.ts';
export { type Standing, stillStanding } from './standing.ts';

const purgeSeconds = 3600;

export const identityModule: Module = {
  name: 'identity',
  firstStart: async (ctx, house) => (await ensureBootstrap(ctx, seedsOf(house))).setupLink,
  async start(ctx, house) {
    keepSeeds(ctx, house);
    return undefined;
  },
  http: () => import('./http.ts'),
  live: [
    { topic: 'member', permission: 'read' },
    { topic: 'organization', permission: 'read' },
    { topic: 'api_key', permission: 'keys:write' },
  ],
  search: [memberSearch],
  privacy: identityPrivacy,
  periodic: [
    {
      name: 'identity.purge',
      everySeconds: () => purgeSeconds,
      ends: true,
      // A system transaction: sessions and links belong to no organization.
      run: (ctx) => ctx.db.system((tx) => purgeExpired(tx, new Date(ctx.clock.now()))),
    },
  ],
};
