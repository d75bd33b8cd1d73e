import { Id, OnCallFeed } from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import type { App } from '#platform/http/app';
import { createFeed, revokeFeed } from './manage-feeds.ts';
import { readFeed } from './read-feed.ts';

const tags = ['on-call'];
const Org = Type.Object({ org: Type.String() });
const One = Type.Object({ org: Type.String(), id: Id });
const ownPath = '/api/v1/:org/oncall/feed';
const schedulePath = '/api/v1/:org/oncall/schedules/:id/feed';

export function feedRoutes(app: App, ctx: Ctx): void {
  ownFeed(app, ctx);
  scheduleFeed(app, ctx);
  readingFeed(app, ctx);
}

function ownFeed(app: App, ctx: Ctx): void {
  app.post(
    ownPath,
    {
      schema: {
        operationId: 'createOwnOnCallFeed',
        access: 'read',
        summary: 'Create the address of a calendar with your own shifts; an earlier one stops working',
        tags,
        params: Org,
        response: { 201: OnCallFeed },
      },
    },
    async (request, reply) => reply.code(201).send(await createFeed(ctx, await tenantScope(request), null)),
  );
  app.delete(
    ownPath,
    {
      schema: {
        operationId: 'revokeOwnOnCallFeed',
        access: 'read',
        summary: 'End the calendar of your own shifts',
        tags,
        params: Org,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await revokeFeed(ctx, await tenantScope(request), null);
      return reply.code(204).send(null);
    },
  );
}

function scheduleFeed(app: App, ctx: Ctx): void {
  app.post(
    schedulePath,
    {
      schema: {
        operationId: 'createOnCallScheduleFeed',
        access: 'alerts:operate',
        summary:
          'Create the address of a calendar with the shifts of a schedule; an earlier one stops working',
        tags,
        params: One,
        response: { 201: OnCallFeed },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createFeed(ctx, await tenantScope(request), request.params.id)),
  );
  app.delete(
    schedulePath,
    {
      schema: {
        operationId: 'revokeOnCallScheduleFeed',
        access: 'alerts:operate',
        summary: 'End the calendar of a schedule',
        tags,
        params: One,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await revokeFeed(ctx, await tenantScope(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function readingFeed(app: App, ctx: Ctx): void {
  app.get(
    '/feeds/oncall/:token.ics',
    {
      schema: {
        operationId: 'readOnCallFeed',
        access: 'public',
        summary: 'Shifts as iCalendar',
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
