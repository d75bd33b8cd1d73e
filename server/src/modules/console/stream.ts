import type { Permission } from '@watchkeeper/contracts';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { requireAuthenticated, type Standing, stillStanding, tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import type { LiveChange } from '#platform/live';
import type { House } from '#platform/module';
import { type Heard, topicsOf } from './live-topics.ts';

const keepAliveMs = 15_000;
/** Beyond this many streams the process refuses new ones, instead of running out of sockets. */
const streamsMax = 2_000;
/** Streams of one organization, so that room is left for the others. */
export const streamsPerTenantMax = 500;
/** Streams of one person or key: a few browsers with a few windows each. */
export const streamsPerCredentialMax = 20;
const topicsLengthMax = 1_000;
const retryAfterSeconds = 10;
/** Changes within this time are sent together, so that a busy fleet does not flood a phone. */
const gatherMs = 100;
/** A reader that is this many bytes behind is disconnected. It reconnects and reads everything again. */
const backlogBytesMax = 1_048_576;
/**
 * After a stream ends, the reader has this long to take the last bytes. Then the connection is cut and no longer
 * counts.
 */
const lastBytesMs = 5_000;
/** Every stream ends after an hour at the latest; the browser reconnects. */
const streamMsMax = 3_600_000;
/**
 * A caller that lost the right to listen receives nothing after this time, even if the notice of the change was lost.
 */
const standingMs = 3_000;
const standingTopics = new Set(['member', 'api_key', 'organization', 'resync']);

/** An open stream, and the rights that allow it. */
interface OpenStream extends Omit<Standing, 'permission'> {
  readonly permissions: readonly Permission[];
  readonly credential: string;
  end(): void;
}

export function streamRoutes(app: App, ctx: Ctx, house: House): void {
  const chooseTopics = topicsOf(house);
  const open = new Set<OpenStream>();
  const judge = watchStandings(ctx, open);
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
    judge.stop();
    for (const stream of open) stream.end();
  });

  app.get(
    '/api/v1/:org/stream',
    {
      schema: {
        summary: 'Server-sent events: which alerts, devices and sites changed',
        description: `Events are \`change\` with data {"topic","ids"}; empty ids mean "many changed, read the list again". \`resync\` comes after a gap. At most ${streamsPerCredentialMax} at once for one person or key and ${streamsPerTenantMax} for one organization, in each process; more are answered 429. A stream ends within seconds when its caller loses the right to it.`,
        operationId: 'streamChanges',
        access: 'read',
        tags: ['live'],
        params: Type.Object({ org: Type.String() }),
        querystring: Type.Object({
          topics: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: topicsLengthMax,
              description:
                'Only changes of these topics, with commas between them, e.g. `alert,device_state`. Left out: all that the caller may read. An unknown topic is refused with the list of all.',
            }),
          ),
        }),
        response: { 200: { content: { 'text/event-stream': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const authenticated = await requireAuthenticated(request);
      const heard = chooseTopics(scope, request.query.topics);
      const standing = {
        authenticated,
        organizationId: scope.organizationId,
        permissions: ['read' as const, ...heard.permissions],
        credential: request.callerKey,
      };
      // This stream was allowed before the stop and would begin after it, so nothing would ever end it.
      if (stopping) throw new AppError('overloaded', 'Watchkeeper is stopping.', { retryAfterSeconds: 1 });
      requireRoom(open, standing);
      startStream(ctx, open, heard, standing, reply);
    },
  );
}

/** @throws rate_limited, overloaded */
function requireRoom(
  open: ReadonlySet<OpenStream>,
  wanted: { credential: string; organizationId: string },
): void {
  if (open.size >= streamsMax)
    throw new AppError('overloaded', 'Too many live screens are open here.', { retryAfterSeconds });
  let ofCredential = 0;
  let ofTenant = 0;
  for (const { credential, organizationId } of open) {
    if (credential === wanted.credential) ofCredential += 1;
    if (organizationId === wanted.organizationId) ofTenant += 1;
  }
  const full =
    ofCredential >= streamsPerCredentialMax
      ? `You have ${streamsPerCredentialMax} live streams open already: close some.`
      : ofTenant >= streamsPerTenantMax
        ? `This organization has ${streamsPerTenantMax} live streams open already: close some.`
        : undefined;
  if (full !== undefined) throw new AppError('rate_limited', full, { retryAfterSeconds });
}

/**
 * Ends the streams of callers that lost the right: after each notice of a change, and every few seconds without one.
 */
function watchStandings(ctx: Ctx, open: ReadonlySet<OpenStream>): { stop(): void } {
  let looking = false;
  let again = false;
  async function look(): Promise<void> {
    again = looking;
    if (looking || open.size === 0) return;
    looking = true;
    try {
      const looked = [...open];
      const needs = looked.flatMap((stream) =>
        stream.permissions.map((permission) => ({ ...stream, stream, permission })),
      );
      const still = await stillStanding(ctx, needs);
      for (const need of needs) if (!still.has(need)) need.stream.end();
    } catch (error) {
      ctx.log.warn({ err: error }, 'who may still listen could not be read; it is tried again');
    } finally {
      looking = false;
      if (again) setImmediate(() => void look());
    }
  }
  const timer = setInterval(() => void look(), standingMs);
  timer.unref();
  const unsubscribe = ctx.live.subscribe(null, (change) => {
    if (standingTopics.has(change.topic)) void look();
  });
  return {
    stop() {
      clearInterval(timer);
      unsubscribe();
    },
  };
}

function startStream(
  ctx: Ctx,
  open: Set<OpenStream>,
  { topics }: Heard,
  standing: Omit<OpenStream, 'end'>,
  reply: FastifyReply,
): void {
  reply.hijack();
  const socket = reply.raw;
  socket.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': reply.request.id,
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
    if (socket.writableLength <= backlogBytesMax) return;
    end();
    socket.destroy();
  }
  function onChange(change: LiveChange): void {
    if (change.topic !== 'resync' && !topics.has(change.topic)) return;
    const known = gathered.get(change.topic);
    if (change.ids.length === 0) gathered.set(change.topic, null);
    else if (known === undefined) gathered.set(change.topic, new Set(change.ids));
    else if (known !== null) for (const id of change.ids) known.add(id);
    flushTimer ??= setTimeout(flush, gatherMs);
  }
  const unsubscribe = ctx.live.subscribe(standing.organizationId, onChange);
  const keepAlive = setInterval(() => socket.write(': still here\n\n'), keepAliveMs);
  const lifetime = setTimeout(end, streamMsMax);
  let ended = false;
  function end(): void {
    if (ended) return;
    ended = true;
    open.delete(stream);
    unsubscribe();
    clearInterval(keepAlive);
    clearTimeout(lifetime);
    clearTimeout(flushTimer);
    socket.end();
    const cut = setTimeout(() => socket.destroy(), lastBytesMs);
    cut.unref();
    socket.once('close', () => clearTimeout(cut));
  }
  const stream: OpenStream = { ...standing, end };
  open.add(stream);
  reply.request.raw.on('close', end);
  socket.on('error', end);
}
