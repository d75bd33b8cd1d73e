import { randomBytes } from 'node:crypto';
import { fastify, LogController } from 'fastify';
import type { Ctx } from '../context.ts';
import { AppError } from '../errors.ts';
import { logScope } from '../log.ts';
import type { App } from './app.ts';
import { schemaCompilers } from './compile.ts';
import { openDoor } from './door.ts';
import { registerIdempotency } from './idempotency.ts';
import { takeJsonBodies } from './json-body.ts';
import { createPeerReader, networkOf } from './peer.ts';
import { sendProblem } from './problem.ts';
import { publicPathOf, withoutPublicPath } from './public-path.ts';
import { createAllowance } from './rate-limit.ts';
import { traceIdOf } from './trace.ts';
import { createWrongCredentials } from './wrong-credentials.ts';

export const bodyBytesMax = 1_048_576;
const headersBytesMax = 16_384;
/** Longer than any load balancer keeps an idle connection, so that the load balancer closes it first. */
const keepAliveMs = 72_000;
/** From the first byte of a request to its last: so that slow senders do not hold a socket forever. */
const requestMs = 30_000;
const headersMs = 15_000;
const paramLengthMax = 256;
/** When the process stops, a request under way gets this long; then its connection is cut. */
const drainMs = 10_000;
/** A connection kept open for a next request is closed this soon after its last one, when the process stops. */
const idleLookMs = 100;

/** The HTTP floor: parsing, validation, problem+json, request ids, limits. Routes come from the modules. */
export function createHttp(ctx: Ctx): App {
  const publicPath = publicPathOf(ctx.config.http.publicUrl);
  const app: App = fastify({
    loggerInstance: ctx.log,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (error, request, reply) => void sendProblem(reply, request, error, ctx.log),
    bodyLimit: bodyBytesMax,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: requestMs,
    connectionTimeout: 0,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: paramLengthMax, ignoreTrailingSlash: true },
    http: { maxHeaderSize: headersBytesMax, headersTimeout: headersMs },
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    // Fastify's own reading of X-Forwarded-* is off: peer.ts finds the peer.
    trustProxy: false,
    rewriteUrl: (request) => withoutPublicPath(request.url ?? '/', publicPath),
  }).withTypeProvider();

  const { validators, serializers } = schemaCompilers();
  app.setValidatorCompiler(validators);
  app.setSerializerCompiler(serializers);

  app.decorate('publicPath', publicPath);
  const peerOf = createPeerReader(ctx.config.http.trustedProxies);
  app.decorate('wrongCredentials', createWrongCredentials(ctx.clock));
  app.decorateRequest('callerKey', '');
  app.decorateRequest('rights', null);
  app.decorateRequest('peer', {
    getter() {
      return peerOf(this.raw);
    },
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    if (request.routeOptions.config.quiet === true) return done();
    request.callerKey = `peer:${networkOf(request.peer)}`;
    const traceId = traceIdOf(request.headers.traceparent);
    logScope.run({ request_id: request.id, ...(traceId === undefined ? {} : { trace_id: traceId }) }, done);
  });
  if (publicPath !== '') {
    app.addHook('onSend', (_request, reply, payload, done) => {
      const location = reply.getHeader('location');
      if (typeof location === 'string' && /^\/(?!\/)/.test(location))
        reply.header('location', publicPath + location);
      done(null, payload);
    });
  }
  app.addHook('onResponse', (request, reply, done) => {
    const route = `${request.method} ${request.routeOptions.url ?? 'unmatched'}`;
    ctx.metrics.requests.add(route, reply.elapsedTime, reply.statusCode);
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    ctx.metrics.answered.observe({ status }, reply.elapsedTime / 1_000);
    if (request.routeOptions.config.quiet !== true) {
      ctx.log.info(
        {
          method: request.method,
          path: request.routeOptions.url ?? 'unmatched',
          status: reply.statusCode,
          peer: request.peer,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          request_id: request.id,
        },
        'request',
      );
    }
    done();
  });
  app.setErrorHandler((error, request, reply) => sendProblem(reply, request, error, ctx.log));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, request, new AppError('not_found', 'There is nothing at this path.'), ctx.log),
  );
  // Many real clients send a GET with a JSON content type and no body.
  app.removeContentTypeParser('text/plain');
  takeJsonBodies(app);
  boundTheStop(app);
  openDoor(app, createAllowance(ctx));
  registerIdempotency(app, ctx);
  return app;
}

/**
 * The framework waits for every connection without a limit. One that stays open or never reads would block
 * the stop.
 */
function boundTheStop(app: App): void {
  app.addHook('preClose', async () => {
    const idle = setInterval(() => app.server.closeIdleConnections(), idleLookMs);
    const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
    app.server.once('close', () => {
      clearInterval(idle);
      clearTimeout(cut);
    });
    idle.unref();
    cut.unref();
  });
}

let idCounter = 0;
const idPrefix = randomBytes(6).toString('base64url');

/** A caller's own id is kept when it is plain; otherwise we make a unique one. */
function requestIdOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(header)) return header;
  idCounter = (idCounter + 1) % Number.MAX_SAFE_INTEGER;
  return `${idPrefix}-${idCounter.toString(36)}`;
}
