import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { inboxRoutes } from './inbox/routes.ts';
import { settingsRoutes } from './settings/routes.ts';

export function routes(app: App, ctx: Ctx): void {
  inboxRoutes(app, ctx);
  settingsRoutes(app, ctx);
}
