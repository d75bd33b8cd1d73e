import {
  DeviceState,
  DeviceStatePage,
  DeviceStateQuery,
  HeartbeatListQuery,
  HeartbeatPage,
  History,
  HistoryQuery,
  StatusQuery,
  Timeline,
  TimelineQuery,
} from '@watchkeeper/contracts/telemetry';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import type { App } from '#platform/http/app';
import { listHeartbeats } from '../history/list-heartbeats.ts';
import { readHistory } from '../history/read-history.ts';
import { createSenderDoor } from '../intake/sender-door.ts';
import { findReadable } from './device-access.ts';
import { getDeviceState, listDeviceStates, readState } from './read-states.ts';
import { readTimeline } from './read-timeline.ts';
import { findState } from './state-store.ts';

const Reference = Type.String({ minLength: 1, maxLength: 128 });
const DeviceParams = Type.Object({ device_id: Reference });
const tags = ['telemetry'];

export function stateRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/states',
    {
      schema: {
        operationId: 'listDeviceStates',
        access: 'read',
        summary: 'Current state of devices, by slug',
        tags,
        params: Type.Object({ org: Reference }),
        querystring: DeviceStateQuery,
        response: { 200: DeviceStatePage },
      },
    },
    async (request) => await listDeviceStates(ctx, await tenantScope(request), request.query),
  );

  app.get(
    '/api/v1/:org/devices/:device/state',
    {
      schema: {
        operationId: 'getDeviceState',
        access: 'read',
        summary: 'Current state of one device',
        tags,
        params: Type.Object({ org: Reference, device: Reference }),
        response: { 200: DeviceState },
      },
    },
    async (request) => await getDeviceState(ctx, await tenantScope(request), request.params.device),
  );

  pastRoutes(app, ctx);
  deviceRoutes(app, ctx);
}

function pastRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/devices/:device/timeline',
    {
      schema: {
        operationId: 'getDeviceTimeline',
        access: 'read',
        summary: 'Status of one device over time, oldest first',
        description: 'Changes are kept for METRICS_RETENTION_DAYS; values that were not recorded are null.',
        tags,
        params: Type.Object({ org: Reference, device: Reference }),
        querystring: TimelineQuery,
        response: { 200: Timeline },
      },
    },
    async (request) =>
      await readTimeline(ctx, await tenantScope(request), request.params.device, request.query),
  );

  app.get(
    '/api/v1/:org/devices/:device/heartbeats',
    {
      schema: {
        operationId: 'listHeartbeats',
        access: 'read',
        summary: 'Heartbeats of one device as they were received, newest first',
        description: 'Kept for HEARTBEAT_RETENTION_DAYS. A page may hold fewer rows than asked for.',
        tags,
        params: Type.Object({ org: Reference, device: Reference }),
        querystring: HeartbeatListQuery,
        response: { 200: HeartbeatPage },
      },
    },
    async (request) =>
      await listHeartbeats(ctx, await tenantScope(request), request.params.device, request.query),
  );
}

function deviceRoutes(app: App, ctx: Ctx): void {
  const onRequest = createSenderDoor(ctx, { open: true });
  app.get(
    '/heartbeat/:device_id/status',
    {
      schema: {
        operationId: 'getHeartbeatStatus',
        access: 'device|read',
        summary: 'Current state of one device, by device id alone',
        description:
          'For the device itself (its token), a credential with `read`, or in open mode for everybody.',
        tags,
        params: DeviceParams,
        querystring: StatusQuery,
        response: { 200: DeviceState },
      },
      onRequest,
    },
    async (request) => {
      const found = await findReadable(ctx, request, request.params.device_id, request.query.tenant_id);
      return await readState(ctx, found.organizationId, found.deviceId);
    },
  );

  app.get(
    '/heartbeat/:device_id/history',
    {
      schema: {
        operationId: 'getHeartbeatHistory',
        access: 'device|read',
        summary: 'Heartbeats of one device, oldest first',
        description: 'Raw heartbeats while they are kept, rollups for older times; `resolution` says which.',
        tags,
        params: DeviceParams,
        querystring: HistoryQuery,
        response: { 200: History },
      },
      onRequest,
    },
    async (request) => {
      const found = await findReadable(ctx, request, request.params.device_id, request.query.tenant_id);
      const { organizationId, deviceId } = found;
      const row = await ctx.db.tenant(organizationId, (tx) => findState(tx, organizationId, deviceId));
      if (row === undefined) throw notFound('device');
      const target = {
        organizationId,
        organizationSlug: row.organization_slug,
        deviceKey: row.device_key,
        deviceSlug: row.slug,
      };
      return await readHistory(ctx, target, request.query);
    },
  );
}
