import { ListQuery } from '@watchkeeper/contracts';
import {
  MaintenanceCalendar,
  MaintenanceCalendarQuery,
  MaintenanceExtension,
  MaintenanceFeed,
  MaintenanceInput,
  MaintenanceListQuery,
  MaintenancePage,
  MaintenancePreview,
  MaintenancePreviewInput,
  MaintenanceReportPage,
  MaintenanceWindow,
} from '@watchkeeper/contracts/maintenance';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { acceptCamelCase, acceptNames } from '#platform/http/spelling';
import { createFeed, readFeed, revokeFeed } from './feed/feed.ts';
import { listReports } from './runs/report.ts';
import { createWindow, deleteWindow, updateWindow } from './windows/edit-window.ts';
import { endWindow, extendWindow } from './windows/move-end.ts';
import { getWindow, listWindows, previewWindow, readCalendar } from './windows/read-windows.ts';
import { toMaintenanceWindow, type Window } from './windows/window.ts';

const Reference = Type.String({ minLength: 1, maxLength: 128 });
const Windows = Type.Object({ org: Reference });
const OneWindow = Type.Object({ org: Reference, id: Reference });
const tags = ['maintenance'];
const base = '/api/v1/:org/maintenance';
/** Other systems' names for our fields are accepted. */
const acceptForeign = [
  acceptCamelCase,
  acceptNames({ maintenance_id: 'reference', created_by: 'requested_by' }),
];

export function routes(app: App, ctx: Ctx): void {
  listAndCreate(app, ctx);
  previewRoute(app, ctx);
  readAndChange(app, ctx);
  endRoutes(app, ctx);
  reportRoutes(app, ctx);
  feedRoutes(app, ctx);
}

function answer(ctx: Ctx, reply: FastifyReply, window: Window) {
  return reply.header('etag', etagOf(window.version)).send(toMaintenanceWindow(window, nowDate(ctx.clock)));
}

function listAndCreate(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listMaintenance',
        access: 'read',
        summary: 'Maintenance windows, newest first',
        tags,
        params: Windows,
        querystring: MaintenanceListQuery,
        response: { 200: MaintenancePage },
      },
    },
    async (request) => await listWindows(ctx, await tenantScope(request), request.query),
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'createMaintenance',
        access: 'alerts:operate',
        summary: 'Plan a maintenance window',
        description:
          'It takes place once, or repeatedly with `recurrence`. While it runs, the covered systems show `maintenance`, data is collected as usual, and alerts are recorded as suppressed.',
        tags,
        params: Windows,
        body: MaintenanceInput,
        response: { 201: MaintenanceWindow },
      },
      config: { idempotent: true },
      preValidation: acceptForeign,
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const window = await createWindow(ctx, scope, request.body);
      reply.code(201).header('location', `/api/v1/${scope.organizationSlug}/maintenance/${window.slug}`);
      return answer(ctx, reply, window);
    },
  );

  app.get(
    `${base}/calendar`,
    {
      schema: {
        operationId: 'readMaintenanceCalendar',
        access: 'read',
        summary: 'Occurrences of all windows in a span, in order of time',
        tags,
        params: Windows,
        querystring: MaintenanceCalendarQuery,
        response: { 200: MaintenanceCalendar },
      },
    },
    async (request) => await readCalendar(ctx, await tenantScope(request), request.query),
  );
}

function previewRoute(app: App, ctx: Ctx): void {
  app.post(
    `${base}/preview`,
    {
      schema: {
        operationId: 'previewMaintenance',
        access: 'read',
        summary: 'Preview when a window would take place, without planning it',
        tags,
        params: Windows,
        body: MaintenancePreviewInput,
        response: { 200: MaintenancePreview },
      },
      config: { unaudited: 'it plans nothing' },
      preValidation: acceptCamelCase,
    },
    async (request) => await previewWindow(ctx, await tenantScope(request), request.body),
  );
}

function readAndChange(app: App, ctx: Ctx): void {
  app.get(
    `${base}/:id`,
    {
      schema: {
        operationId: 'getMaintenance',
        access: 'read',
        summary: 'One maintenance window, by slug or id',
        tags,
        params: OneWindow,
        response: { 200: MaintenanceWindow },
      },
    },
    async (request, reply) =>
      answer(ctx, reply, await getWindow(ctx, await tenantScope(request), request.params.id)),
  );

  app.put(
    `${base}/:id`,
    {
      schema: {
        operationId: 'replaceMaintenance',
        access: 'alerts:operate',
        summary: 'Replace the editable fields of a window',
        description:
          'A running window continues if its new times include this moment, and otherwise ends now. Systems that it no longer covers are released at once. Send `If-Match` with the ETag you read to be safe from other editors.',
        tags,
        params: OneWindow,
        body: MaintenanceInput,
        response: { 200: MaintenanceWindow },
      },
      preValidation: acceptForeign,
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      return answer(ctx, reply, await updateWindow(ctx, scope, request.params.id, request.body, check));
    },
  );

  app.delete(
    `${base}/:id`,
    {
      schema: {
        operationId: 'deleteMaintenance',
        access: 'alerts:operate',
        summary: 'Delete a window; one that runs ends now',
        description: 'Its reports can still be read under its id.',
        tags,
        params: OneWindow,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      await deleteWindow(ctx, scope, request.params.id, (version) => requireMatch(request, version));
      return reply.code(204).send(null);
    },
  );
}

function endRoutes(app: App, ctx: Ctx): void {
  app.post(
    `${base}/:id/extend`,
    {
      schema: {
        operationId: 'extendMaintenance',
        access: 'alerts:operate',
        summary: 'Extend the running occurrence',
        tags,
        params: OneWindow,
        body: MaintenanceExtension,
        response: { 200: MaintenanceWindow },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      return answer(ctx, reply, await extendWindow(ctx, scope, request.params.id, request.body, check));
    },
  );

  app.post(
    `${base}/:id/end`,
    {
      schema: {
        operationId: 'endMaintenance',
        access: 'alerts:operate',
        summary: 'End the running occurrence now',
        tags,
        params: OneWindow,
        response: { 200: MaintenanceWindow },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      return answer(ctx, reply, await endWindow(ctx, scope, request.params.id, check));
    },
  );
}

function reportRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/:id/reports`,
    {
      schema: {
        operationId: 'listMaintenanceReports',
        access: 'read',
        summary: 'Reports of the runs of a window, newest first',
        description: 'Also for a deleted window, by its id.',
        tags,
        params: OneWindow,
        querystring: ListQuery,
        response: { 200: MaintenanceReportPage },
      },
    },
    async (request) => await listReports(ctx, await tenantScope(request), request.params.id, request.query),
  );
}

function feedRoutes(app: App, ctx: Ctx): void {
  app.post(
    `${base}/feed`,
    {
      schema: {
        operationId: 'createMaintenanceFeed',
        access: 'alerts:operate',
        summary: 'Create the address of the calendar feed; an earlier one stops working',
        tags,
        params: Windows,
        response: { 201: MaintenanceFeed },
      },
    },
    async (request, reply) => reply.code(201).send(await createFeed(ctx, await tenantScope(request))),
  );

  app.delete(
    `${base}/feed`,
    {
      schema: {
        operationId: 'revokeMaintenanceFeed',
        access: 'alerts:operate',
        summary: 'End the calendar feed',
        tags,
        params: Windows,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await revokeFeed(ctx, await tenantScope(request));
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/feeds/maintenance/:token.ics',
    {
      schema: {
        operationId: 'readMaintenanceFeed',
        access: 'public',
        summary: 'Maintenance windows as iCalendar',
        description: 'No credential but the secret in the address.',
        tags,
        params: Type.Object({ token: Type.String({ minLength: 10, maxLength: 100 }) }),
        response: { 200: Type.String() },
      },
    },
    async (request, reply) => {
      const { wrongCredentials } = request.server;
      wrongCredentials.admit(request.peer, () => '');
      const text = await readFeed(ctx, request.params.token);
      if (text === undefined) {
        wrongCredentials.wrong(request.peer);
        throw notFound('feed');
      }
      return reply
        .header('content-type', 'text/calendar; charset=utf-8')
        .header('cache-control', 'private, max-age=300')
        .send(text);
    },
  );
}
