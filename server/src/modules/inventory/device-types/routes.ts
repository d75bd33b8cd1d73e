import {
  DeviceType,
  DeviceTypeInput,
  DeviceTypePage,
  DeviceTypeUpdate,
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
import { toListInput } from '../list.ts';
import { createDeviceType } from './create-device-type.ts';
import { deleteDeviceType } from './delete-device-type.ts';
import { toDeviceType } from './device-type-view.ts';
import { acceptForeignForm } from './foreign-form.ts';
import { getDeviceType } from './get-device-type.ts';
import { listDeviceTypes } from './list-device-types.ts';
import type { DeviceTypeRow } from './store.ts';
import { updateDeviceType } from './update-device-type.ts';

const Types = Type.Object({ org: Reference });
const OneType = Type.Object({ org: Reference, type: Reference });
const tags = ['inventory'];
const base = '/api/v1/:org/device-types';

function answer(reply: FastifyReply, type: DeviceTypeRow) {
  return reply.header('etag', etagOf(type.version)).send(toDeviceType(type));
}

export function deviceTypeRoutes(app: App, ctx: Ctx): void {
  listAndCreate(app, ctx);
  readAndChange(app, ctx);
}

function listAndCreate(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listDeviceTypes',
        access: 'read',
        summary: 'Device types, by slug',
        tags,
        params: Types,
        querystring: SiteListQuery,
        response: { 200: DeviceTypePage },
      },
    },
    async (request) => {
      const scope = await tenantScope(request);
      const list = toListInput(request.query);
      return toPage(await listDeviceTypes(ctx, scope, list), list.limit, (row) => [row.slug], toDeviceType);
    },
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'createDeviceType',
        access: 'inventory:write',
        summary: 'Create a device type',
        tags,
        params: Types,
        body: DeviceTypeInput,
        response: { 201: DeviceType },
      },
      config: { idempotent: true },
      preValidation: acceptForeignForm,
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const type = await createDeviceType(ctx, scope, request.body);
      reply.code(201).header('location', `/api/v1/${scope.organizationSlug}/device-types/${type.slug}`);
      return answer(reply, type);
    },
  );
}

function readAndChange(app: App, ctx: Ctx): void {
  app.get(
    `${base}/:type`,
    {
      schema: {
        operationId: 'getDeviceType',
        access: 'read',
        summary: 'One device type',
        tags,
        params: OneType,
        response: { 200: DeviceType },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      return answer(
        reply,
        await ctx.db.tenant(scope.organizationId, (tx) => getDeviceType(tx, scope, request.params.type)),
      );
    },
  );

  app.put(
    `${base}/:type`,
    {
      schema: {
        operationId: 'replaceDeviceType',
        access: 'inventory:write',
        summary: 'Replace the editable fields of a device type',
        tags,
        params: OneType,
        body: DeviceTypeUpdate,
        response: { 200: DeviceType },
      },
      preValidation: acceptForeignForm,
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      return answer(reply, await updateDeviceType(ctx, scope, request.params.type, request.body, check));
    },
  );

  app.delete(
    `${base}/:type`,
    {
      schema: {
        operationId: 'deleteDeviceType',
        access: 'inventory:write',
        summary: 'Delete a device type that no device uses',
        tags,
        params: OneType,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      await deleteDeviceType(ctx, scope, request.params.type, (version) => requireMatch(request, version));
      return reply.code(204).send(null);
    },
  );
}
