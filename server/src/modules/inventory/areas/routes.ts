import { listLimitDefault } from '@watchkeeper/contracts';
import {
  Area,
  AreaInput,
  AreaOrder,
  AreaPage,
  AreaUpdate,
  Reference,
  SiteListQuery,
} from '@watchkeeper/contracts/inventory';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf, requireMatch } from '#platform/http/etag';
import { toArea } from './area-view.ts';
import { createArea } from './create-area.ts';
import { deleteArea } from './delete-area.ts';
import { getArea } from './get-area.ts';
import { cursorOfArea, listAreas } from './list-areas.ts';
import { orderAreas } from './order-areas.ts';
import type { AreaRow } from './store.ts';
import { updateArea } from './update-area.ts';

const Areas = Type.Object({ org: Reference, site: Reference });
const OneArea = Type.Object({ org: Reference, site: Reference, area: Reference });
const tags = ['inventory'];
const base = '/api/v1/:org/sites/:site/areas';

function answer(reply: FastifyReply, area: AreaRow) {
  return reply.header('etag', etagOf(area.version)).send(toArea(area));
}

export function areaRoutes(app: App, ctx: Ctx): void {
  listAndCreate(app, ctx);
  readAndChange(app, ctx);
  order(app, ctx);
}

function listAndCreate(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listAreas',
        access: 'read',
        summary: 'The areas of a site, in its own order, otherwise by slug',
        tags,
        params: Areas,
        querystring: SiteListQuery,
        response: { 200: AreaPage },
      },
    },
    async (request) => {
      const scope = await tenantScope(request);
      return toPage(
        await listAreas(ctx, scope, request.params.site, request.query),
        request.query.limit ?? listLimitDefault,
        cursorOfArea,
        toArea,
      );
    },
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'createArea',
        access: 'inventory:write',
        summary: 'Create an area of a site',
        tags,
        params: Areas,
        body: AreaInput,
        response: { 201: Area },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const area = await createArea(ctx, scope, request.params.site, request.body);
      reply
        .code(201)
        .header('location', `/api/v1/${scope.organizationSlug}/sites/${area.site_slug}/areas/${area.slug}`);
      return answer(reply, area);
    },
  );
}

function order(app: App, ctx: Ctx): void {
  // Beside the areas, not among them: any slug may be the name of one.
  app.put(
    '/api/v1/:org/sites/:site/area-order',
    {
      schema: {
        operationId: 'orderAreas',
        access: 'inventory:write',
        summary: 'Put the areas of a site in an order',
        description: 'Areas that are not named come after the named ones, in their old order.',
        tags,
        params: Areas,
        body: AreaOrder,
        response: { 200: Type.Object({ data: Type.Array(Area) }) },
      },
    },
    async (request) => {
      const scope = await tenantScope(request);
      return { data: (await orderAreas(ctx, scope, request.params.site, request.body)).map(toArea) };
    },
  );
}

function readAndChange(app: App, ctx: Ctx): void {
  app.get(
    `${base}/:area`,
    {
      schema: {
        operationId: 'getArea',
        access: 'read',
        summary: 'One area',
        tags,
        params: OneArea,
        response: { 200: Area },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const { site, area } = request.params;
      return answer(reply, await ctx.db.tenant(scope.organizationId, (tx) => getArea(tx, scope, site, area)));
    },
  );

  app.put(
    `${base}/:area`,
    {
      schema: {
        operationId: 'replaceArea',
        access: 'inventory:write',
        summary: 'Replace the editable fields of an area',
        tags,
        params: OneArea,
        body: AreaUpdate,
        response: { 200: Area },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      return answer(reply, await updateArea(ctx, scope, request.params, request.body, check));
    },
  );

  app.delete(
    `${base}/:area`,
    {
      schema: {
        operationId: 'deleteArea',
        access: 'inventory:write',
        summary: 'Delete an area; its devices stay at the site',
        tags,
        params: OneArea,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      await deleteArea(ctx, scope, request.params, (version) => requireMatch(request, version));
      return reply.code(204).send(null);
    },
  );
}
