import type { App } from '#platform/http/app';
import type { Module } from '#platform/module';
import { gatusRoutes } from './gatus.ts';
import { healthchecksRoutes } from './healthchecks.ts';
import { uptimeKumaRoutes } from './uptime-kuma.ts';

/** Other tools' wire formats, mapped on the modules below. */
export const interopModule: Module = {
  name: 'interop',
  async routes(app, ctx) {
    // Each in a scope of its own: they read bodies in their own way.
    for (const routes of [healthchecksRoutes, uptimeKumaRoutes, gatusRoutes])
      await app.register(async (scope: App) => routes(scope, ctx));
  },
};
