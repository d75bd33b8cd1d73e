import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import type { House } from '#platform/module';
import { errorPageRoutes } from './error-page.ts';
import { referenceRoutes } from './reference.ts';
import { searchRoutes } from './search-routes.ts';
import { staticRoutes } from './static.ts';
import { streamRoutes } from './stream.ts';

export async function routes(app: App, ctx: Ctx, house: House): Promise<void> {
  streamRoutes(app, ctx, house);
  searchRoutes(app, ctx, house);
  errorPageRoutes(app);
  referenceRoutes(app);
  await staticRoutes(app);
}
