import { ListQuery } from '@watchkeeper/contracts';
import { Check } from '@watchkeeper/contracts/checks';
import {
  Source,
  SourceInput,
  SourceKinds,
  SourceLink,
  SourceObjectPage,
  SourceObjectQuery,
  SourcePage,
  SourceTest,
  SourceUpdate,
} from '@watchkeeper/contracts/sources';
import Type from 'typebox';
import { requirePermission, tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { getSource, linkObject, listObjects, listSources, testSource } from './read-sources.ts';
import { createSource, deleteSource, updateSource } from './save-source.ts';
import { describeSourceKinds } from './source-view.ts';

const OrgParams = Type.Object({ org: Type.String() });
const SourceParams = Type.Object({
  org: Type.String(),
  source: Type.String({ minLength: 1, maxLength: 128 }),
});
const base = '/api/v1/:org';
const tags = ['sources'];
const schema = (summary: string, operationId: string, access: string) => ({
  summary,
  operationId,
  access,
  tags,
  params: SourceParams,
});

export function sourceRoutes(app: App, ctx: Ctx): void {
  collectionRoutes(app, ctx);
  oneSourceRoutes(app, ctx);
  objectRoutes(app, ctx);
}

function collectionRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/source-kinds`,
    {
      schema: {
        summary: 'Third parties that can be read, and the fields of their config',
        operationId: 'listSourceKinds',
        access: 'read',
        tags,
        params: OrgParams,
        response: { 200: SourceKinds },
      },
    },
    async (request) => {
      requirePermission(await tenantScope(request), 'read');
      return { data: describeSourceKinds() };
    },
  );
  app.get(
    `${base}/sources`,
    {
      schema: {
        summary: 'List connections to third parties with their state, by slug',
        operationId: 'listSources',
        access: 'read',
        tags,
        params: OrgParams,
        querystring: ListQuery,
        response: { 200: SourcePage },
      },
    },
    async (request) => await listSources(ctx, await tenantScope(request), request.query),
  );
  app.post(
    `${base}/sources`,
    {
      config: { idempotent: true },
      schema: {
        summary: 'Connect a third party',
        operationId: 'createSource',
        access: 'inventory:write',
        tags,
        params: OrgParams,
        body: SourceInput,
        response: { 201: Source },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const { source, version } = await createSource(ctx, scope, request.body);
      return reply
        .code(201)
        .header('etag', etagOf(version))
        .header('location', `/api/v1/${scope.organizationSlug}/sources/${source.slug}`)
        .send(source);
    },
  );
}

function oneSourceRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/sources/:source`,
    { schema: { ...schema('Read a source and its state', 'getSource', 'read'), response: { 200: Source } } },
    async (request, reply) => {
      const { source, version } = await getSource(ctx, await tenantScope(request), request.params.source);
      return reply.header('etag', etagOf(version)).send(source);
    },
  );
  app.put(
    `${base}/sources/:source`,
    {
      schema: {
        ...schema('Replace the editable fields of a source', 'replaceSource', 'inventory:write'),
        body: SourceUpdate,
        response: { 200: Source },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const match = (version: number) => requireMatch(request, version);
      const { source, version } = await updateSource(ctx, scope, request.params.source, request.body, match);
      return reply.header('etag', etagOf(version)).send(source);
    },
  );
  app.delete(
    `${base}/sources/:source`,
    {
      schema: {
        ...schema('Disconnect a third party', 'deleteSource', 'inventory:write'),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      await deleteSource(ctx, scope, request.params.source, (version) => requireMatch(request, version));
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${base}/sources/:source/test`,
    {
      schema: {
        ...schema(
          'Read a source now and return the full log of that reading',
          'testSource',
          'alerts:operate',
        ),
        response: { 200: SourceTest },
      },
      config: { unaudited: 'it changes no setting; the reading stands in the results' },
    },
    async (request) => await testSource(ctx, await tenantScope(request), request.params.source),
  );
}

function objectRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/sources/:source/objects`,
    {
      schema: {
        ...schema('The objects of a source, and the devices that they may be', 'listSourceObjects', 'read'),
        querystring: SourceObjectQuery,
        response: { 200: SourceObjectPage },
      },
    },
    async (request) =>
      await listObjects(ctx, await tenantScope(request), request.params.source, request.query),
  );
  app.post(
    `${base}/sources/:source/links`,
    {
      config: { idempotent: true },
      schema: {
        ...schema('Confirm which device an object of a source is', 'linkSourceObject', 'inventory:write'),
        body: SourceLink,
        response: { 201: Check },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = await linkObject(ctx, scope, request.params.source, request.body);
      return reply
        .code(201)
        .header('location', `/api/v1/${scope.organizationSlug}/checks/${check.slug}`)
        .send(check);
    },
  );
}
