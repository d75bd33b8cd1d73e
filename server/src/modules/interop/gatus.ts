import { cutText } from '@watchkeeper/contracts/text';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type PingTarget, pingsOf, slugKey } from '#modules/checks';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { bodyOf, takeAnyBody } from './body.ts';
import { parseGoDuration } from './go-duration.ts';
import { lookUp, pingOf, queryOf, refuse } from './request.ts';

const errorLengthMax = 2_000;

function say(reply: FastifyReply, status: number, words: string): void {
  reply.code(status).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(words);
}

const text = (description: string) => ({ description, content: { 'text/plain': { schema: Type.String() } } });

/** Gatus' external endpoints, with the same wire format. The key is the slug of the check. */
export function gatusRoutes(app: App, ctx: Ctx): void {
  takeAnyBody(app);
  const { directory, take } = pingsOf(ctx).intake;

  /** The token is the check's own push token, or a ping key of its organization. */
  async function targetOf(key: string, token: string): Promise<PingTarget | 'not found' | 'invalid token'> {
    const own = directory.byToken.peek(token) ?? (await directory.byToken.find(token, token));
    if (own !== null) return own.slug === key ? own : 'not found';
    const shared = await directory.bySlug.find(slugKey(token, key), { key: token, slug: key });
    if (shared !== null) return shared;
    return (await directory.byKey.find(token, token)) === null ? 'invalid token' : 'not found';
  }

  async function report(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const success = queryOf(request, 'success');
    if (success !== 'true' && success !== 'false')
      return say(reply, 400, 'missing or invalid success query parameter');
    const { authorization = '' } = request.headers;
    if (!authorization.startsWith('Bearer ')) return say(reply, 401, 'invalid Authorization header');
    const token = authorization.slice('Bearer '.length).trim();
    if (token === '') return say(reply, 401, 'bearer token must not be empty');
    // Safe because the router sets every parameter of the path, as text.
    const { key } = request.params as { key: string };
    const target = await lookUp(request, token, async () => {
      const found = await targetOf(key, token);
      return found === 'invalid token' ? null : found;
    });
    if (target === null) return say(reply, 401, 'invalid token');
    if (target === 'not found') return say(reply, 404, target);
    const duration = parseGoDuration(queryOf(request, 'duration') ?? '');
    if (typeof duration === 'string') return say(reply, 400, `invalid duration: ${duration}`);
    const failed = success === 'false';
    const said = failed ? errorOf(request) : '';
    const kind = failed ? 'fail' : 'success';
    take(target, pingOf(request, 'gatus', { kind, durationMs: duration, text: said }), (error) => {
      if (error === null) say(reply, 200, '');
      else refuse(reply, error, say);
    });
  }

  app.post(
    '/api/v1/endpoints/:key/external',
    {
      config: { quiet: true, unaudited: 'that an endpoint reports is telemetry' },
      validatorCompiler: () => () => true,
      schema: {
        summary: 'An external endpoint reports its result',
        description:
          'In the form of Gatus. The bearer token is the push token of the check, or a ping key of its organization.',
        operationId: 'reportExternalEndpoint',
        access: 'public',
        tags: ['pings'],
        security: [{ bearer: [] }],
        params: Type.Object({ key: Type.String({ description: 'Slug of the check.' }) }),
        querystring: Type.Object({
          success: Type.String({ description: '`true` or `false`.' }),
          error: Type.Optional(Type.String()),
          duration: Type.Optional(Type.String({ description: 'As Go writes it, e.g. 1m30s or 250ms.' })),
        }),
        response: {
          200: text('Empty: the result is stored.'),
          400: text('What is wrong with the query.'),
          401: text('What is wrong with the token.'),
          404: text('`not found`.'),
          429: text('`rate limit exceeded`: the result is not stored.'),
        },
      },
    },
    (request, reply) => {
      report(request, reply).catch((error: unknown) => refuse(reply, error, say));
    },
  );
}

/** Read from the query or, as in Gatus, from a JSON body. */
function errorOf(request: FastifyRequest): string {
  const words = [queryOf(request, 'error') ?? '', errorInBody(request)].filter((word) => word !== '');
  return cutText(words.join('\n'), errorLengthMax, '').toWellFormed();
}

function errorInBody(request: FastifyRequest): string {
  const body = bodyOf(request.body);
  if (body === undefined) return '';
  try {
    const value: unknown = JSON.parse(body.start.toString('utf8'));
    return typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'string'
      ? value.error
      : '';
  } catch {
    return '';
  }
}
