import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { businessRoutes } from './business/routes.ts';
import { intakeRoutes } from './intake/routes.ts';
import { stateRoutes } from './state/routes.ts';

export function routes(app: App, ctx: Ctx): void {
  app.decorateRequest('device', null);
  intakeRoutes(app, ctx);
  stateRoutes(app, ctx);
  businessRoutes(app, ctx);
}
