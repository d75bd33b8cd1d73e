import { Id, ListQuery } from '@watchkeeper/contracts';
import {
  Channel,
  ChannelCreate,
  ChannelCreated,
  ChannelKinds,
  ChannelPage,
  ChannelSecrets,
  ChannelTest,
  ChannelUpdate,
  ListedChannel,
} from '@watchkeeper/contracts/notifications';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { createChannel } from './create-channel.ts';
import { deleteChannel } from './delete-channel.ts';
import { getChannel, listChannelKinds, listChannels } from './read-channels.ts';
import { rotateSecret } from './rotate-secret.ts';
import { testChannel } from './test-channel.ts';
import { updateChannel } from './update-channel.ts';

const OrgParams = Type.Object({ org: Type.String() });
const ChannelParams = Type.Object({ org: Type.String(), id: Id });
const base = '/api/v1/:org';
const tags = ['notifications'];

export function channelRoutes(app: App, ctx: Ctx): void {
  collectionRoutes(app, ctx);
  singleRoutes(app, ctx);
}

function collectionRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/channel-kinds`,
    {
      schema: {
        summary: 'Kinds of channels and the fields of their config',
        operationId: 'listChannelKinds',
        access: 'read',
        tags,
        params: OrgParams,
        response: { 200: ChannelKinds },
      },
    },
    async (request) => ({ data: listChannelKinds(ctx, await tenantScope(request)) }),
  );
  app.get(
    `${base}/channels`,
    {
      schema: {
        summary: 'List channels',
        operationId: 'listChannels',
        access: 'read',
        tags,
        params: OrgParams,
        querystring: ListQuery,
        response: { 200: ChannelPage },
      },
    },
    async (request) => await listChannels(ctx, await tenantScope(request), request.query),
  );
  app.post(
    `${base}/channels`,
    {
      config: { idempotent: true },
      schema: {
        summary: 'Add a channel',
        operationId: 'createChannel',
        access: 'channels:write',
        tags,
        params: OrgParams,
        body: ChannelCreate,
        response: { 201: ChannelCreated },
      },
    },
    async (request, reply) => {
      const { channel, version } = await createChannel(ctx, await tenantScope(request), request.body);
      return reply.code(201).header('etag', etagOf(version)).send(channel);
    },
  );
}

function singleRoutes(app: App, ctx: Ctx): void {
  const schema = (summary: string, operationId: string, access: string) => ({
    summary,
    operationId,
    access,
    tags,
    params: ChannelParams,
  });
  app.get(
    `${base}/channels/:id`,
    { schema: { ...schema('Read a channel', 'getChannel', 'read'), response: { 200: ListedChannel } } },
    async (request, reply) => {
      const { channel, version } = await getChannel(ctx, await tenantScope(request), request.params.id);
      return reply.header('etag', etagOf(version)).send(channel);
    },
  );
  app.put(
    `${base}/channels/:id`,
    {
      schema: {
        ...schema('Change a channel', 'updateChannel', 'channels:write'),
        body: ChannelUpdate,
        response: { 200: Channel },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const { channel, version } = await updateChannel(
        ctx,
        scope,
        request.params.id,
        request.body,
        (current) => requireMatch(request, current),
      );
      return reply.header('etag', etagOf(version)).send(channel);
    },
  );
  app.delete(
    `${base}/channels/:id`,
    {
      schema: {
        ...schema('Delete a channel', 'deleteChannel', 'channels:write'),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteChannel(ctx, await tenantScope(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${base}/channels/:id/test`,
    {
      schema: {
        ...schema('Send a test message now', 'testChannel', 'channels:write'),
        response: { 200: ChannelTest },
      },
    },
    async (request) => await testChannel(ctx, await tenantScope(request), request.params.id),
  );
  app.post(
    `${base}/channels/:id/secret`,
    {
      schema: {
        ...schema('Replace the signing secret', 'rotateChannelSecret', 'channels:write'),
        response: { 200: ChannelSecrets },
      },
    },
    async (request) => await rotateSecret(ctx, await tenantScope(request), request.params.id),
  );
}
