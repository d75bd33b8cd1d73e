import {
  Check,
  CheckInput,
  CheckKinds,
  CheckListQuery,
  CheckPage,
  CheckResultPage,
  CheckResultQuery,
  CheckRun,
  CheckUpdate,
} from '@watchkeeper/contracts/checks';
import Type from 'typebox';
import { requirePermission, tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { deleteCheck } from './delete-check.ts';
import { pingsOf } from './pings/door.ts';
import { runNow } from './probe/run-check.ts';
import { getCheck, listChecks, listResults } from './read-checks.ts';
import { describeCheckKinds } from './registry.ts';
import { createCheck, updateCheck } from './save-check.ts';

const OrgParams = Type.Object({ org: Type.String() });
const CheckParams = Type.Object({ org: Type.String(), check: Type.String({ minLength: 1, maxLength: 128 }) });
const base = '/api/v1/:org';
const tags = ['checks'];

export function checkRoutes(app: App, ctx: Ctx): void {
  collectionRoutes(app, ctx);
  oneCheckRoutes(app, ctx);
  resultRoutes(app, ctx);
}

function collectionRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/check-kinds`,
    {
      schema: {
        summary: 'Kinds of checks and the fields of their config',
        operationId: 'listCheckKinds',
        access: 'read',
        tags,
        params: OrgParams,
        response: { 200: CheckKinds },
      },
    },
    async (request) => {
      requirePermission(await tenantScope(request), 'read');
      return { data: describeCheckKinds() };
    },
  );
  app.get(
    `${base}/checks`,
    {
      schema: {
        summary: 'List checks with their state, by slug',
        operationId: 'listChecks',
        access: 'read',
        tags,
        params: OrgParams,
        querystring: CheckListQuery,
        response: { 200: CheckPage },
      },
    },
    async (request) => await listChecks(ctx, await tenantScope(request), request.query),
  );
  app.post(
    `${base}/checks`,
    {
      config: { idempotent: true },
      schema: {
        summary: 'Add a check',
        operationId: 'createCheck',
        access: 'inventory:write',
        tags,
        params: OrgParams,
        body: CheckInput,
        response: { 201: Check },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const { check, version } = await createCheck(ctx, scope, request.body);
      pingsOf(ctx).intake.directory.forget([]);
      return reply
        .code(201)
        .header('etag', etagOf(version))
        .header('location', `/api/v1/${scope.organizationSlug}/checks/${check.slug}`)
        .send(check);
    },
  );
}

function oneCheckRoutes(app: App, ctx: Ctx): void {
  const schema = (summary: string, operationId: string, access: string) => ({
    summary,
    operationId,
    access,
    tags,
    params: CheckParams,
  });
  app.get(
    `${base}/checks/:check`,
    { schema: { ...schema('Read a check and its state', 'getCheck', 'read'), response: { 200: Check } } },
    async (request, reply) => {
      const { check, version } = await getCheck(ctx, await tenantScope(request), request.params.check);
      return reply.header('etag', etagOf(version)).send(check);
    },
  );
  app.put(
    `${base}/checks/:check`,
    {
      schema: {
        ...schema('Replace the editable fields of a check', 'replaceCheck', 'inventory:write'),
        body: CheckUpdate,
        response: { 200: Check },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const match = (version: number) => requireMatch(request, version);
      const { check, version } = await updateCheck(ctx, scope, request.params.check, request.body, match);
      pingsOf(ctx).intake.directory.forget([check.id]);
      return reply.header('etag', etagOf(version)).send(check);
    },
  );
  app.delete(
    `${base}/checks/:check`,
    {
      schema: {
        ...schema('Delete a check', 'deleteCheck', 'inventory:write'),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const match = (version: number) => requireMatch(request, version);
      const id = await deleteCheck(ctx, scope, request.params.check, match);
      pingsOf(ctx).intake.directory.forget([id]);
      return reply.code(204).send(null);
    },
  );
}

function resultRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/checks/:check/results`,
    {
      schema: {
        summary: 'Results of a check, newest first',
        operationId: 'listCheckResults',
        access: 'read',
        tags,
        params: CheckParams,
        querystring: CheckResultQuery,
        response: { 200: CheckResultPage },
      },
    },
    async (request) =>
      await listResults(ctx, await tenantScope(request), request.params.check, request.query),
  );
  app.post(
    `${base}/checks/:check/run`,
    {
      schema: {
        summary: 'Run a check now and return the full log of that run',
        operationId: 'runCheck',
        access: 'alerts:operate',
        tags,
        params: CheckParams,
        response: { 200: CheckRun },
      },
      config: { unaudited: 'it changes no setting; the run stands in the results' },
    },
    async (request) => await runNow(ctx, await tenantScope(request), request.params.check),
  );
}
