import type { Module } from '#platform/module';
import { accountRoutes } from './accounts/routes.ts';
import { purgeExpired } from './accounts/store.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { startIdentity } from './identity.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { memberRoutes } from './members/routes.ts';
import { organizationRoutes } from './organizations/routes.ts';

export { makeOperatorLink } from './accounts/operator-link.ts';
export { createApiKey } from './api-keys/create-api-key.ts';
export { type AuditRecord, type AuditScope, audit } from './audit/audit.ts';
export {
  authenticate,
  authorizeByKey,
  providerScope,
  registerAuthentication,
  requireAuthenticated,
  soleScope,
  tenantScope,
} from './authentication.ts';
export { type Bootstrapped, ensureBootstrap, type OrganizationSeed, renewSetupLink } from './bootstrap.ts';
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
export { type Standing, stillStanding } from './standing.ts';

const purgeSeconds = 3600;

export const identityModule: Module = {
  name: 'identity',
  start: startIdentity,
  routes(app, ctx) {
    accountRoutes(app, ctx);
    organizationRoutes(app, ctx);
    memberRoutes(app, ctx);
    invitationRoutes(app, ctx);
    apiKeyRoutes(app, ctx);
    auditRoutes(app, ctx);
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
