import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { channelRoutes } from './channels/routes.ts';
import { inboundRoutes } from './inbound/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { recipientPageRoutes } from './recipients/page-routes.ts';

export async function routes(app: App, ctx: Ctx): Promise<void> {
  channelRoutes(app, ctx);
  ledgerRoutes(app, ctx);
  // In scopes of their own: they take bodies as they come.
  for (const own of [inboundRoutes, recipientPageRoutes])
    await app.register(async (scope: App) => own(scope, ctx));
}
