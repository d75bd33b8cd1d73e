import { SavedView, SavedViewBody, SavedViewList, SavedViewParams } from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { listViews, removeView, saveView } from './views.ts';

const tags = ['alerts'];
const base = '/api/v1/:org/views';
const ownViews = 'a view is how one person filters the list; it concerns nobody else';

export function viewRoutes(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listViews',
        access: 'read',
        summary: 'Your saved views of the inbox',
        tags,
        params: Type.Object({ org: Type.String() }),
        response: { 200: SavedViewList },
      },
    },
    async (request) => ({ data: await listViews(ctx, await tenantScope(request)) }),
  );
  app.put(
    `${base}/:name`,
    {
      schema: {
        operationId: 'saveView',
        access: 'read',
        summary: 'Save a view under a name',
        tags,
        params: SavedViewParams,
        body: SavedViewBody,
        response: { 200: SavedView },
      },
      config: { unaudited: ownViews },
    },
    async (request) =>
      await saveView(ctx, await tenantScope(request), request.params.name, request.body.filter),
  );
  app.delete(
    `${base}/:name`,
    {
      schema: {
        operationId: 'deleteView',
        access: 'read',
        summary: 'Remove a saved view',
        tags,
        params: SavedViewParams,
        response: { 204: Type.Null() },
      },
      config: { unaudited: ownViews },
    },
    async (request, reply) => {
      await removeView(ctx, await tenantScope(request), request.params.name);
      return reply.code(204).send(null);
    },
  );
}
