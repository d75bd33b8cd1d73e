import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { channelRoutes } from './channels/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';

export function routes(app: App, ctx: Ctx): void {
  channelRoutes(app, ctx);
  ledgerRoutes(app, ctx);
}
