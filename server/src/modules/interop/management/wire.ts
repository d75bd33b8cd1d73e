import { errorCodes } from '@watchkeeper/contracts/error-codes';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, authorizeByKey } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { toAppError } from '#platform/http/problem';

/**
 * A check is a few kilobytes of text. A longer body is refused, because it would be read before the caller is known.
 */
const bodyBytesMax = 65_536;

const corsHeaders = { 'access-control-allow-origin': '*' };

/** Healthchecks' names for our fields. */
const fieldNames: Readonly<Record<string, string>> = {
  'config.cron': 'schedule',
  'config.timezone': 'tz',
  'config.period': 'timeout',
  'config.grace': 'grace',
  'config.description': 'desc',
  'config.start_keywords': 'start_kw',
  'config.success_keywords': 'success_kw',
  'config.failure_keywords': 'failure_kw',
};

/** Bodies, keys and errors in the format of Healthchecks' clients. */
export function speakHealthchecks(app: App, ctx: Pick<Ctx, 'log'>): void {
  app.removeAllContentTypeParsers();
  // Parsed as JSON later: the caller is checked first.
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyBytesMax }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('preValidation', async (request) => {
    if (request.method !== 'POST' || request.routeOptions.config.apiKeyHeader !== true) return;
    const body = parseBody(request.body);
    if ((await authenticate(request)) === undefined) {
      const key = body instanceof AppError ? undefined : body.api_key;
      if (typeof key !== 'string' || key === '') throw new AppError('unauthenticated', 'missing api key');
      await authorizeByKey(request, key).catch(wrongKey);
    }
    if (body instanceof AppError) throw body;
    request.body = body;
  });
  app.setErrorHandler((error, request, reply) => sendError(ctx, error, request, reply));
}

/** No body is an empty document: pausing needs none. */
function parseBody(body: unknown): Record<string, unknown> | AppError {
  if (typeof body !== 'string' || body === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (isDocument(value)) return value;
  } catch {
    return new AppError('malformed_json', 'could not parse request body');
  }
  return new AppError('malformed_json', 'json validation error: value is not an object');
}

function isDocument(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The document that `preValidation` read from the body. */
export function documentOf(request: FastifyRequest): Record<string, unknown> {
  return isDocument(request.body) ? request.body : {};
}

function sendError(
  ctx: Pick<Ctx, 'log'>,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = toAppError(error);
  const status = errorCodes[known.code];
  if (status >= 500)
    ctx.log.error(
      { err: known.cause ?? known, request_id: request.id, path: request.routeOptions.url },
      known.message,
    );
  if (known.retryAfterSeconds !== undefined)
    reply.header('retry-after', String(Math.ceil(known.retryAfterSeconds)));
  return reply
    .code(status)
    .headers(corsHeaders)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ error: wordsOf(known, request) }));
}

function wordsOf(error: AppError, request: FastifyRequest): string {
  if (error.code === 'not_found') return 'not found';
  if (error.code === 'unauthenticated') {
    const { authorization, 'x-api-key': key } = request.headers;
    if (authorization !== undefined || key !== undefined) return wrongKeyWords;
    return error.message === wrongKeyWords ? wrongKeyWords : 'missing api key';
  }
  const [first] = error.errors;
  if (first === undefined || error.code !== 'validation_failed') return error.message;
  return `json validation error: ${fieldNames[first.field] ?? first.field.replace(/^config\./, '')} ${first.message}`;
}

const wrongKeyWords = 'wrong api key';

function wrongKey(error: unknown): never {
  if (error instanceof AppError && error.code === 'unauthenticated')
    throw new AppError('unauthenticated', wrongKeyWords, { cause: error });
  throw error;
}

/** Answers in the format of Healthchecks. */
export function answer(reply: FastifyReply, status = 200): FastifyReply {
  return reply.code(status).headers(corsHeaders);
}

/** Answers the preflight request that browsers send before they send a key. */
export function allowBrowsers(app: App, url: string, methods: string): void {
  app.options(url, { schema: { hide: true, access: 'public' } }, (_request, reply) =>
    reply
      .code(204)
      .headers({
        ...corsHeaders,
        'access-control-allow-headers': 'X-Api-Key, Content-Type',
        'access-control-allow-methods': methods,
        'access-control-max-age': '600',
      })
      .send(),
  );
}
