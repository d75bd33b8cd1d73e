import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { areaRoutes } from './areas/routes.ts';
import { deviceTypeRoutes } from './device-types/routes.ts';
import { deviceRoutes } from './devices/routes.ts';
import { openManifest } from './manifest/registry.ts';
import { manifestRoutes } from './manifest/routes.ts';
import { siteRoutes } from './sites/routes.ts';

export const start = openManifest;

export function routes(app: App, ctx: Ctx): void {
  siteRoutes(app, ctx);
  areaRoutes(app, ctx);
  deviceTypeRoutes(app, ctx);
  deviceRoutes(app, ctx);
  manifestRoutes(app, ctx);
}
