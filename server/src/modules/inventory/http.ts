import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import type { House } from '#platform/module';
import { areaRoutes } from './areas/routes.ts';
import { deviceTypeRoutes } from './device-types/routes.ts';
import { deviceRoutes } from './devices/routes.ts';
import { openManifest } from './manifest/registry.ts';
import { manifestRoutes } from './manifest/routes.ts';
import { siteRoutes } from './sites/routes.ts';

export async function routes(app: App, ctx: Ctx, house: House): Promise<void> {
  siteRoutes(app, ctx);
  areaRoutes(app, ctx);
  deviceTypeRoutes(app, ctx);
  deviceRoutes(app, ctx);
  await openManifest(ctx, house);
  manifestRoutes(app, ctx);
}
