import {
  Id,
  OnCallNow,
  OnCallOverride,
  OnCallOverrideBody,
  OnCallSchedule,
  OnCallScheduleBody,
  OnCallScheduleList,
  OnCallScheduleShown,
  OnCallSpanQuery,
} from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { onCallNow } from './on-call-now.ts';
import { addOverride, removeOverride } from './overrides.ts';
import { getSchedule, listSchedules } from './read-schedules.ts';
import { changeSchedule, createSchedule, deleteSchedule } from './save-schedule.ts';

const tags = ['on-call'];
const Org = Type.Object({ org: Type.String() });
const One = Type.Object({ org: Type.String(), id: Id });
const OneOverride = Type.Object({ org: Type.String(), id: Id, override: Id });
const base = '/api/v1/:org/oncall';
const schedulesPath = `${base}/schedules`;

export function scheduleRoutes(app: App, ctx: Ctx): void {
  readRoutes(app, ctx);
  allSchedules(app, ctx);
  oneSchedule(app, ctx);
  overrideRoutes(app, ctx);
}

function readRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/now`,
    {
      schema: {
        operationId: 'getOnCallNow',
        access: 'read',
        summary: 'Who is on call now and next, for each schedule, and the first gap of the next days',
        tags,
        params: Org,
        response: { 200: OnCallNow },
      },
    },
    async (request) => await onCallNow(ctx, await tenantScope(request)),
  );
  app.get(
    `${schedulesPath}/:id`,
    {
      schema: {
        operationId: 'getOnCallSchedule',
        access: 'read',
        summary: 'Read a schedule, with its shifts in a span of time',
        description:
          'Gaps are entries of `final`, with the reason. On the days when the clocks change, a shift has an hour more or less.',
        tags,
        params: One,
        querystring: OnCallSpanQuery,
        response: { 200: OnCallScheduleShown },
      },
    },
    async (request, reply) => {
      const shown = await getSchedule(ctx, await tenantScope(request), request.params.id, request.query);
      return reply.header('etag', etagOf(shown.version)).send(shown);
    },
  );
}

function allSchedules(app: App, ctx: Ctx): void {
  app.get(
    schedulesPath,
    {
      schema: {
        operationId: 'listOnCallSchedules',
        access: 'read',
        summary: 'Schedules, by name',
        tags,
        params: Org,
        response: { 200: OnCallScheduleList },
      },
    },
    async (request) => await listSchedules(ctx, await tenantScope(request)),
  );
  app.post(
    schedulesPath,
    {
      schema: {
        operationId: 'createOnCallSchedule',
        access: 'oncall:write',
        summary: 'Add a schedule',
        tags,
        params: Org,
        body: OnCallScheduleBody,
        response: { 201: OnCallSchedule },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const schedule = await createSchedule(ctx, await tenantScope(request), request.body);
      return reply.code(201).header('etag', etagOf(schedule.version)).send(schedule);
    },
  );
}

function oneSchedule(app: App, ctx: Ctx): void {
  app.put(
    `${schedulesPath}/:id`,
    {
      schema: {
        operationId: 'updateOnCallSchedule',
        access: 'oncall:write',
        summary: 'Change a schedule',
        tags,
        params: One,
        body: OnCallScheduleBody,
        response: { 200: OnCallSchedule },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      const schedule = await changeSchedule(ctx, scope, request.params.id, request.body, check);
      return reply.header('etag', etagOf(schedule.version)).send(schedule);
    },
  );
  app.delete(
    `${schedulesPath}/:id`,
    {
      schema: {
        operationId: 'deleteOnCallSchedule',
        access: 'oncall:write',
        summary: 'Delete a schedule',
        tags,
        params: One,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteSchedule(ctx, await tenantScope(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function overrideRoutes(app: App, ctx: Ctx): void {
  app.post(
    `${schedulesPath}/:id/overrides`,
    {
      schema: {
        operationId: 'addOnCallOverride',
        access: 'alerts:operate',
        summary: 'Put a person on call for a while, instead of those whose turn it is',
        description: 'To put somebody else than yourself there needs `oncall:write`.',
        tags,
        params: One,
        body: OnCallOverrideBody,
        response: { 201: OnCallOverride },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const override = await addOverride(ctx, await tenantScope(request), request.params.id, request.body);
      return reply.code(201).send(override);
    },
  );
  app.delete(
    `${schedulesPath}/:id/overrides/:override`,
    {
      schema: {
        operationId: 'removeOnCallOverride',
        access: 'alerts:operate',
        summary: 'Take an override back',
        tags,
        params: OneOverride,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id, override } = request.params;
      await removeOverride(ctx, await tenantScope(request), id, override);
      return reply.code(204).send(null);
    },
  );
}
