import { SearchAnswer, SearchQuery } from '@watchkeeper/contracts/search';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import type { House } from '#platform/module';
import { search } from './search.ts';

export function searchRoutes(app: App, ctx: Ctx, house: House): void {
  const parts = house.flatMap((module) => module.search ?? []);
  app.get(
    '/api/v1/:org/search',
    {
      schema: {
        operationId: 'search',
        access: 'read',
        summary:
          'Sites, areas, devices, alerts, rules, channels, checks, sources, maintenance windows and members by name',
        tags: ['search'],
        params: Type.Object({ org: Type.String() }),
        querystring: SearchQuery,
        response: { 200: SearchAnswer },
      },
    },
    async (request) => await search(ctx, await tenantScope(request), { text: request.query.q, parts }),
  );
}
