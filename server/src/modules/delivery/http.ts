import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { channelRoutes } from './channels/routes.ts';
import { inboundRoutes } from './inbound/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';

export async function routes(app: App, ctx: Ctx): Promise<void> {
  channelRoutes(app, ctx);
  ledgerRoutes(app, ctx);
  // In a scope of its own: it takes bodies as they come.
  await app.register(async (scope: App) => inboundRoutes(scope, ctx));
}
