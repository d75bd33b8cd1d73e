import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import type { LiveChange } from '#platform/live';

const keepAliveMs = 15_000;
/** Beyond this many open screens the process says so instead of running out of sockets. */
const streamsMax = 2_000;
/** Changes within this time go out together, so that a busy fleet does not flood a phone. */
const gatherMs = 100;
/** A reader slower than this many bytes behind is cut off; it reconnects and reads afresh. */
const backlogBytesMax = 1_048_576;
/** A stream ends after an hour, so that a lost membership cannot listen for ever; the browser reconnects. */
const streamMsMax = 3_600_000;

export function streamRoutes(app: App, ctx: Ctx): void {
  const open = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of open) end();
  });

  app.get(
    '/api/v1/:org/stream',
    {
      schema: {
        summary: 'Server-sent events: which alerts, devices and sites changed',
        description:
          'Events are `change` with data {"topic","ids"}; empty ids mean "many, read the list again". `resync` follows a gap.',
        operationId: 'streamChanges',
        access: 'read',
        tags: ['live'],
        params: Type.Object({ org: Type.String() }),
        response: { 200: { content: { 'text/event-stream': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      if (open.size >= streamsMax) {
        throw new AppError('overloaded', 'Too many live screens are open here.', { retryAfterSeconds: 10 });
      }
      reply.hijack();
      const socket = reply.raw;
      socket.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-request-id': request.id,
      });
      socket.write('retry: 2000\nevent: hello\ndata: {}\n\n');

      const gathered = new Map<string, Set<string> | null>();
      let flushTimer: NodeJS.Timeout | undefined;
      function flush(): void {
        flushTimer = undefined;
        for (const [topic, ids] of gathered) {
          socket.write(
            `event: change\ndata: ${JSON.stringify({ topic, ids: ids === null ? [] : [...ids] })}\n\n`,
          );
        }
        gathered.clear();
        if (socket.writableLength > backlogBytesMax) end();
      }
      function onChange(change: LiveChange): void {
        const known = gathered.get(change.topic);
        if (change.ids.length === 0) gathered.set(change.topic, null);
        else if (known === undefined) gathered.set(change.topic, new Set(change.ids));
        else if (known !== null) for (const id of change.ids) known.add(id);
        flushTimer ??= setTimeout(flush, gatherMs);
      }
      const unsubscribe = ctx.live.subscribe(scope.organizationId, onChange);
      const keepAlive = setInterval(() => socket.write(': still here\n\n'), keepAliveMs);
      const lifetime = setTimeout(end, streamMsMax);
      let ended = false;
      function end(): void {
        if (ended) return;
        ended = true;
        open.delete(end);
        unsubscribe();
        clearInterval(keepAlive);
        clearTimeout(lifetime);
        clearTimeout(flushTimer);
        socket.end();
      }
      open.add(end);
      request.raw.on('close', end);
      socket.on('error', end);
    },
  );
}
