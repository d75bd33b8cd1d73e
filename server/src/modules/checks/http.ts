import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { pingRoutes } from './pings/routes.ts';
import { checkRoutes } from './routes.ts';
import { sourceRoutes } from './sources/routes.ts';
import { uptimeRoutes } from './uptime/routes.ts';
import { verdictRoutes } from './verdict/routes.ts';

export function routes(app: App, ctx: Ctx): void {
  checkRoutes(app, ctx);
  uptimeRoutes(app, ctx);
  sourceRoutes(app, ctx);
  verdictRoutes(app, ctx);
  pingRoutes(app, ctx);
}
