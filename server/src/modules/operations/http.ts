import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import type { House } from '#platform/module';
import { alertRoutes } from './alert-routes.ts';
import { configRoutes } from './config-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import { systemRoutes } from './system-routes.ts';

export function routes(app: App, ctx: Ctx, house: House): void {
  systemRoutes(app, ctx, house);
  alertRoutes(app, ctx);
  ruleRoutes(app, ctx);
  configRoutes(app, ctx);
}
