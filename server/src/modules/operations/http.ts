import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { alertRoutes } from './alert-routes.ts';
import { configRoutes } from './config-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import { systemRoutes } from './system-routes.ts';

export function routes(app: App, ctx: Ctx): void {
  systemRoutes(app, ctx);
  alertRoutes(app, ctx);
  ruleRoutes(app, ctx);
  configRoutes(app, ctx);
}
