import {
  Reference,
  Site,
  SiteInput,
  SiteListQuery,
  SitePage,
  SiteUpdate,
} from '@watchkeeper/contracts/inventory';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf, requireMatch } from '#platform/http/etag';
import { toListInput } from '../list.ts';
import { createSite } from './create-site.ts';
import { deleteSite } from './delete-site.ts';
import { getSite } from './get-site.ts';
import { listSites } from './list-sites.ts';
import { toSite } from './site-view.ts';
import type { SiteRow } from './store.ts';
import { updateSite } from './update-site.ts';

const Sites = Type.Object({ org: Reference });
const OneSite = Type.Object({ org: Reference, site: Reference });
const tags = ['inventory'];
const base = '/api/v1/:org/sites';

export function siteRoutes(app: App, ctx: Ctx): void {
  listAndCreate(app, ctx);
  readAndChange(app, ctx);
}

function answer(ctx: Ctx, reply: FastifyReply, site: SiteRow) {
  return reply.header('etag', etagOf(site.version)).send(toSite(site, nowDate(ctx.clock)));
}

function listAndCreate(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listSites',
        access: 'read',
        summary: 'Sites, by slug',
        tags,
        params: Sites,
        querystring: SiteListQuery,
        response: { 200: SitePage },
      },
    },
    async (request) => {
      const scope = await tenantScope(request);
      const list = toListInput(request.query);
      const now = nowDate(ctx.clock);
      return toPage(
        await listSites(ctx, scope, list),
        list.limit,
        (row) => [row.slug],
        (row) => toSite(row, now),
      );
    },
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'createSite',
        access: 'inventory:write',
        summary: 'Create a site',
        tags,
        params: Sites,
        body: SiteInput,
        response: { 201: Site },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const site = await createSite(ctx, scope, request.body);
      reply.code(201).header('location', `/api/v1/${scope.organizationSlug}/sites/${site.slug}`);
      return answer(ctx, reply, site);
    },
  );
}

function readAndChange(app: App, ctx: Ctx): void {
  app.get(
    `${base}/:site`,
    {
      schema: {
        operationId: 'getSite',
        access: 'read',
        summary: 'One site',
        tags,
        params: OneSite,
        response: { 200: Site },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      return answer(
        ctx,
        reply,
        await ctx.db.tenant(scope.organizationId, (tx) => getSite(tx, scope, request.params.site)),
      );
    },
  );

  app.put(
    `${base}/:site`,
    {
      schema: {
        operationId: 'replaceSite',
        access: 'inventory:write',
        summary: 'Replace the editable fields of a site',
        description:
          'Opening hours that are left out are cleared. Send `If-Match` with the ETag you read to be safe from other editors.',
        tags,
        params: OneSite,
        body: SiteUpdate,
        response: { 200: Site },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      return answer(ctx, reply, await updateSite(ctx, scope, request.params.site, request.body, check));
    },
  );

  app.delete(
    `${base}/:site`,
    {
      schema: {
        operationId: 'deleteSite',
        access: 'inventory:write',
        summary: 'Delete a site with its areas',
        description:
          'A site that has devices is refused with 409, unless `cascade=true` deletes them and their tokens as well.',
        tags,
        params: OneSite,
        querystring: Type.Object({ cascade: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      await deleteSite(ctx, scope, request.params.site, request.query.cascade ?? false, check);
      return reply.code(204).send(null);
    },
  );
}
