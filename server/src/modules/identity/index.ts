import type { Module } from '#platform/module';
import { purgeExpired } from './accounts/store.ts';
import { authRoutes } from './auth-routes.ts';
import { startIdentity } from './identity.ts';
import { credentialRoutes, memberRoutes, organizationRoutes } from './routes.ts';

export { createApiKey } from './api-keys/create-api-key.ts';
export { type AuditRecord, type AuditScope, audit } from './audit/audit.ts';
export { authenticate, providerScope, registerAuthentication, tenantScope } from './authentication.ts';
export { type Bootstrapped, ensureBootstrap, type OrganizationSeed } from './bootstrap.ts';
export {
  type DeviceIdentity,
  deviceTokenPrefix,
  findDeviceByToken,
  issueDeviceToken,
  revokeDeviceToken,
} from './device-tokens/device-tokens.ts';
export { createOrganization, organizationCreated } from './organizations/create-organization.ts';
export { findOrganization, listOrganizations } from './organizations/list-organizations.ts';
export {
  type Caller,
  type ProviderScope,
  requirePermission,
  type Scope,
  systemScope,
} from './scope.ts';

const purgeSeconds = 3600;

export const identityModule: Module = {
  name: 'identity',
  start: startIdentity,
  routes(app, ctx) {
    authRoutes(app, ctx);
    organizationRoutes(app, ctx);
    memberRoutes(app, ctx);
    credentialRoutes(app, ctx);
  },
  periodic: [
    {
      name: 'identity.purge',
      everySeconds: () => purgeSeconds,
      // A system transaction: sessions and links belong to no organization.
      run: (ctx) => ctx.db.system((tx) => purgeExpired(tx, new Date(ctx.clock.now()))),
    },
  ],
};
