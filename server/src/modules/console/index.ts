import type { Module } from '#platform/module';
import { errorPageRoutes } from './error-page.ts';
import { referenceRoutes } from './reference.ts';
import { searchRoutes } from './search-routes.ts';
import { staticRoutes } from './static.ts';
import { streamRoutes } from './stream.ts';

/** What a browser is served: the console's files, the live stream, the search over everything, the API reference. */
export const consoleModule: Module = {
  name: 'console',
  async routes(app, ctx) {
    streamRoutes(app, ctx);
    searchRoutes(app, ctx);
    errorPageRoutes(app);
    referenceRoutes(app);
    await staticRoutes(app);
  },
};
