import type { App } from '#platform/http/app';
import type { Module } from '#platform/module';
import { gatusRoutes } from './gatus.ts';
import { healthchecksRoutes } from './healthchecks.ts';
import { badgeRoutes } from './management/badges.ts';
import { managementRoutes } from './management/routes.ts';
import { statusRoutes } from './management/status.ts';
import { speakHealthchecks } from './management/wire.ts';
import { uptimeKumaRoutes } from './uptime-kuma.ts';

/** Other tools' wire formats, mapped on the modules below. */
export const interopModule: Module = {
  name: 'interop',
  async routes(app, ctx) {
    // Each in a scope of its own: they read bodies in their own way.
    for (const routes of [healthchecksRoutes, uptimeKumaRoutes, gatusRoutes, badgeRoutes])
      await app.register(async (scope: App) => routes(scope, ctx));
    await app.register(async (scope: App) => {
      speakHealthchecks(scope, ctx);
      for (const version of [1, 2, 3] as const) {
        managementRoutes(scope, ctx, version);
        statusRoutes(scope, ctx, version);
      }
    });
  },
};
