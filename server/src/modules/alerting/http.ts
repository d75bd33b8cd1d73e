import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { alertRoutes, providerAlertRoutes } from './alerts/routes.ts';
import { providerRuleRoutes } from './rules/provider-routes.ts';
import { ruleKindRoutes, ruleRoutes } from './rules/routes.ts';
import { viewRoutes } from './views/routes.ts';

export function routes(app: App, ctx: Ctx): void {
  alertRoutes(app, ctx);
  providerAlertRoutes(app, ctx);
  viewRoutes(app, ctx);
  ruleRoutes(app, ctx);
  ruleKindRoutes(app, ctx);
  providerRuleRoutes(app, ctx);
}
