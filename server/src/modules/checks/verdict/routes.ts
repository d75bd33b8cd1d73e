import { DeviceSources, DeviceStatusPage, DeviceStatusQuery } from '@watchkeeper/contracts/device-status';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { listDeviceStatus, readDeviceSources } from './read-status.ts';

const Reference = Type.String({ minLength: 1, maxLength: 128 });
const tags = ['sources'];

export function verdictRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/devices/:device/sources',
    {
      schema: {
        operationId: 'getDeviceSources',
        access: 'read',
        summary: 'What each source says about a device, since when, and which one counts',
        tags,
        params: Type.Object({ org: Reference, device: Reference }),
        response: { 200: DeviceSources },
      },
    },
    async (request) => await readDeviceSources(ctx, await tenantScope(request), request.params.device),
  );
  app.get(
    '/api/v1/:org/device-status',
    {
      schema: {
        operationId: 'listDeviceStatus',
        access: 'read',
        summary: 'Status records of devices in the words of operators, by slug',
        tags,
        params: Type.Object({ org: Reference }),
        querystring: DeviceStatusQuery,
        response: { 200: DeviceStatusPage },
      },
    },
    async (request) => await listDeviceStatus(ctx, await tenantScope(request), request.query),
  );
}
