import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { accountRoutes } from './accounts/routes.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { registerAuthentication } from './authentication.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { memberRoutes } from './members/routes.ts';
import { organizationRoutes } from './organizations/routes.ts';
import { startIdentity } from './start-identity.ts';

export const start = startIdentity;
export const everywhere = registerAuthentication;

export function routes(app: App, ctx: Ctx): void {
  accountRoutes(app, ctx);
  organizationRoutes(app, ctx);
  memberRoutes(app, ctx);
  invitationRoutes(app, ctx);
  apiKeyRoutes(app, ctx);
  auditRoutes(app, ctx);
}
