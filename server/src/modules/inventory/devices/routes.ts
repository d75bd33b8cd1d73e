import {
  Device,
  DeviceCreated,
  DeviceCredential,
  DeviceInput,
  DeviceListQuery,
  DevicePage,
  DeviceUpdate,
  Reference,
} from '@watchkeeper/contracts/inventory';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf, requireMatch } from '#platform/http/etag';
import { toListInput } from '../list.ts';
import { createDevice } from './create-device.ts';
import { deleteDevice } from './delete-device.ts';
import { toDevice } from './device-view.ts';
import { getDevice } from './get-device.ts';
import { listDevices } from './list-devices.ts';
import { retireDevice, returnDevice } from './retire-device.ts';
import { rotateDeviceToken } from './rotate-device-token.ts';
import type { DeviceRow } from './store.ts';
import { updateDevice } from './update-device.ts';

const Devices = Type.Object({ org: Reference });
const OneDevice = Type.Object({ org: Reference, device: Reference });
const tags = ['inventory'];
const base = '/api/v1/:org/devices';

export function deviceRoutes(app: App, ctx: Ctx): void {
  listAndCreate(app, ctx);
  readAndChange(app, ctx);
  retireAndReturn(app, ctx);
}

function answer(reply: FastifyReply, device: DeviceRow) {
  return reply.header('etag', etagOf(device.version)).send(toDevice(device));
}

function credential(ctx: Ctx, token: string) {
  return { token, heartbeat: { url: `${ctx.config.http.publicUrl}/heartbeat` } };
}

function listAndCreate(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listDevices',
        access: 'read',
        summary: 'Devices, by slug',
        tags,
        params: Devices,
        querystring: DeviceListQuery,
        response: { 200: DevicePage },
      },
    },
    async (request) => {
      const scope = await tenantScope(request);
      const list = toListInput(request.query);
      const { site = null, area = null, type = null, retired = 'no' } = request.query;
      return toPage(
        await listDevices(ctx, scope, list, { site, area, type, retired }),
        list.limit,
        (row) => [row.slug],
        toDevice,
      );
    },
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'createDevice',
        access: 'inventory:write',
        summary: 'Create a device',
        description: 'The answer holds the device token, shown only once.',
        tags,
        params: Devices,
        body: DeviceInput,
        response: { 201: DeviceCreated },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const { device, token } = await createDevice(ctx, scope, request.body);
      return reply
        .code(201)
        .header('location', `/api/v1/${scope.organizationSlug}/devices/${encodeURIComponent(device.slug)}`)
        .header('etag', etagOf(device.version))
        .send({ ...toDevice(device), ...credential(ctx, token) });
    },
  );

  app.post(
    `${base}/:device/token`,
    {
      schema: {
        operationId: 'rotateDeviceToken',
        access: 'inventory:write',
        summary: 'Give a device a new token; the old one stops working',
        tags,
        params: OneDevice,
        response: { 201: DeviceCredential },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      return reply
        .code(201)
        .send(credential(ctx, await rotateDeviceToken(ctx, scope, request.params.device)));
    },
  );
}

function readAndChange(app: App, ctx: Ctx): void {
  app.get(
    `${base}/:device`,
    {
      schema: {
        operationId: 'getDevice',
        access: 'read',
        summary: 'One device',
        tags,
        params: OneDevice,
        response: { 200: Device },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      return answer(
        reply,
        await ctx.db.tenant(scope.organizationId, (tx) => getDevice(tx, scope, request.params.device)),
      );
    },
  );

  app.put(
    `${base}/:device`,
    {
      schema: {
        operationId: 'replaceDevice',
        access: 'inventory:write',
        summary: 'Replace the editable fields of a device',
        description:
          'Area, type and dependencies that are left out are cleared. Send `If-Match` with the ETag you read to be safe from other editors.',
        tags,
        params: OneDevice,
        body: DeviceUpdate,
        response: { 200: Device },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      return answer(reply, await updateDevice(ctx, scope, request.params.device, request.body, check));
    },
  );

  app.delete(
    `${base}/:device`,
    {
      schema: {
        operationId: 'deleteDevice',
        access: 'inventory:write',
        summary: 'Delete a device and its token, for good',
        tags,
        params: OneDevice,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      await deleteDevice(ctx, scope, request.params.device, (version) => requireMatch(request, version));
      return reply.code(204).send(null);
    },
  );
}

function retireAndReturn(app: App, ctx: Ctx): void {
  const verbs = [
    {
      path: 'retire',
      operationId: 'retireDevice',
      access: 'inventory:write',
      summary: 'Retire a device: it is not watched any more, its heartbeats are refused, its history stays',
    },
    {
      path: 'return',
      operationId: 'returnDevice',
      access: 'inventory:write',
      summary: 'Bring a retired device back; its token works again',
    },
  ] as const;
  for (const { path, operationId, access, summary } of verbs) {
    app.post(
      `${base}/:device/${path}`,
      { schema: { operationId, access, summary, tags, params: OneDevice, response: { 200: Device } } },
      async (request, reply) => {
        const scope = await tenantScope(request);
        const check = (version: number) => requireMatch(request, version);
        const change = path === 'retire' ? retireDevice : returnDevice;
        return answer(reply, await change(ctx, scope, request.params.device, check));
      },
    );
  }
}
