import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { feedRoutes } from './feeds/routes.ts';
import { scheduleRoutes } from './schedules/routes.ts';
import { swapRoutes } from './swaps/routes.ts';
import { teamRoutes } from './teams/routes.ts';

export function routes(app: App, ctx: Ctx): void {
  teamRoutes(app, ctx);
  scheduleRoutes(app, ctx);
  swapRoutes(app, ctx);
  feedRoutes(app, ctx);
}
