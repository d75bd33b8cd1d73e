import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { inboxRoutes } from './inbox/routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { bulkRoutes } from './verbs/bulk-routes.ts';
import { editRoutes } from './verbs/edit-routes.ts';
import { groupRoutes } from './verbs/group-routes.ts';
import { verbRoutes } from './verbs/routes.ts';

export function routes(app: App, ctx: Ctx): void {
  inboxRoutes(app, ctx);
  settingsRoutes(app, ctx);
  verbRoutes(app, ctx);
  bulkRoutes(app, ctx);
  editRoutes(app, ctx);
  groupRoutes(app, ctx);
}
