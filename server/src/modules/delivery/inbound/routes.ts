import { Id } from '@watchkeeper/contracts';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import type { ChannelKind } from '../kind.ts';
import { channelKinds } from '../registry.ts';
import { callbackPath } from './callback-path.ts';
import { receiveCallback } from './receive-callback.ts';

/** Slack sends the whole message back, percent-encoded. */
const bodyBytesMax = 262_144;

/** One route for each kind that has a way back. Bodies are kept as they come, in a scope of their own. */
export function inboundRoutes(app: App, ctx: Ctx): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, body, done) =>
    done(null, body),
  );
  for (const kind of channelKinds.all) if (kind.inbound !== undefined) callbackRoute(app, ctx, kind);
}

function callbackRoute(app: App, ctx: Ctx, kind: ChannelKind): void {
  app.post(
    callbackPath(kind.kind, ':channel'),
    {
      bodyLimit: bodyBytesMax,
      schema: {
        summary: `${kind.label} calls back: somebody pressed a button in a message`,
        description: `Signed by ${kind.label} with the secret of the channel. A copy of a request changes nothing.`,
        operationId: `receive${kind.kind[0]?.toUpperCase()}${kind.kind.slice(1)}Callback`,
        access: 'public',
        tags: ['notifications'],
        params: Type.Object({ channel: Id }),
        response: { 200: Type.Null() },
      },
    },
    async (request, reply) => {
      const { wrongCredentials } = app;
      const { channel: channelId } = request.params;
      const credential = `callback ${channelId}`;
      wrongCredentials.admit(request.peer, () => credential);
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const { headers, id: requestId, peer: ip } = request;
      if (!(await receiveCallback(ctx, kind, { channelId, headers, body, requestId, ip }))) {
        wrongCredentials.wrong(request.peer);
        throw new AppError('unauthenticated', 'The request is not signed with the secret of this channel.');
      }
      wrongCredentials.good(credential);
      return reply.code(200).send(null);
    },
  );
}
