import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { gatusRoutes } from './gatus.ts';
import { healthchecksRoutes } from './healthchecks.ts';
import { badgeRoutes } from './management/badges.ts';
import { managementRoutes } from './management/routes.ts';
import { statusRoutes } from './management/status.ts';
import { speakHealthchecks } from './management/wire.ts';
import { uptimeKumaRoutes } from './uptime-kuma.ts';

export async function routes(app: App, ctx: Ctx): Promise<void> {
  // Each has a scope of its own, because each reads bodies in a different way.
  for (const own of [healthchecksRoutes, uptimeKumaRoutes, gatusRoutes, badgeRoutes])
    await app.register(async (scope: App) => own(scope, ctx));
  await app.register(async (scope: App) => {
    speakHealthchecks(scope, ctx);
    for (const version of [1, 2, 3] as const) {
      managementRoutes(scope, ctx, version);
      statusRoutes(scope, ctx, version);
    }
  });
}
