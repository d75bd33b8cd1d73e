import {
  PingKey,
  PingKeyInput,
  PingKeyList,
  ReceivedPingDetail,
  ReceivedPingPage,
  ReceivedPingQuery,
} from '@watchkeeper/contracts/pings';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { pingsOf } from './door.ts';
import { createPingKey, deletePingKey, listPingKeys } from './ping-keys.ts';
import { getPing, listPings } from './read-pings.ts';

const OrgParams = Type.Object({ org: Type.String() });
const CheckParams = Type.Object({ org: Type.String(), check: Type.String({ minLength: 1, maxLength: 128 }) });
const PingParams = Type.Object({ ...CheckParams.properties, n: Type.Integer({ minimum: 1 }) });
const KeyParams = Type.Object({ org: Type.String(), id: Type.String({ maxLength: 64 }) });
const base = '/api/v1/:org';
const tags = ['checks'];

export function pingRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/checks/:check/pings`,
    {
      schema: {
        summary: 'The last pings of a check, newest first',
        operationId: 'listPings',
        access: 'read',
        tags,
        params: CheckParams,
        querystring: ReceivedPingQuery,
        response: { 200: ReceivedPingPage },
      },
    },
    async (request) => await listPings(ctx, await tenantScope(request), request.params.check, request.query),
  );
  app.get(
    `${base}/checks/:check/pings/:n`,
    {
      schema: {
        summary: 'One ping with the kept part of its body',
        operationId: 'getPing',
        access: 'read',
        tags,
        params: PingParams,
        response: { 200: ReceivedPingDetail },
      },
    },
    async (request) => await getPing(ctx, await tenantScope(request), request.params.check, request.params.n),
  );
  keyRoutes(app, ctx);
}

function keyRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/ping-keys`,
    {
      schema: {
        summary: 'Keys of the slug form of ping URLs, oldest first',
        operationId: 'listPingKeys',
        access: 'read',
        tags,
        params: OrgParams,
        response: { 200: PingKeyList },
      },
    },
    async (request) => await listPingKeys(ctx, await tenantScope(request)),
  );
  app.post(
    `${base}/ping-keys`,
    {
      config: { idempotent: true },
      schema: {
        summary: 'Make a ping key, or take one over',
        operationId: 'createPingKey',
        access: 'inventory:write',
        tags,
        params: OrgParams,
        body: PingKeyInput,
        response: { 201: PingKey },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createPingKey(ctx, await tenantScope(request), request.body)),
  );
  app.delete(
    `${base}/ping-keys/:id`,
    {
      schema: {
        summary: 'Delete a ping key; its URLs end at once',
        operationId: 'deletePingKey',
        access: 'inventory:write',
        tags,
        params: KeyParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deletePingKey(ctx, await tenantScope(request), request.params.id);
      pingsOf(ctx).intake.directory.clear();
      return reply.code(204).send(null);
    },
  );
}
