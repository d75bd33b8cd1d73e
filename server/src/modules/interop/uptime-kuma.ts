import { cutText } from '@watchkeeper/contracts/text';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type PingTarget, pingsOf } from '#modules/checks';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { isId } from '#platform/ids';
import { takeAnyBody } from './body.ts';
import { lookUp, pingOf, queryOf, refuse } from './request.ts';

const pingMsMax = 100_000_000_000;
const messageLengthMax = 2_000;

const Ok = Type.Object({ ok: Type.Literal(true) });
const NotOk = Type.Object({ ok: Type.Literal(false), msg: Type.String() });

function say(reply: FastifyReply, status: number, words: string): void {
  reply.code(status).headers(headers).send({ ok: false, msg: words });
}

const headers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' };

/** Uptime Kuma's push URL, with the same wire format. */
export function uptimeKumaRoutes(app: App, ctx: Ctx): void {
  takeAnyBody(app);
  const { intake } = pingsOf(ctx);

  async function targetOf(token: string): Promise<PingTarget | null> {
    const byToken =
      intake.directory.byToken.peek(token) ?? (await intake.directory.byToken.find(token, token));
    if (byToken !== null || !isId(token)) return byToken;
    return await intake.directory.byId.find(token.toLowerCase(), token.toLowerCase());
  }

  async function push(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const durationMs = durationOf(queryOf(request, 'ping'));
    if (typeof durationMs === 'string') return say(reply, 404, durationMs);
    // Safe because the router sets every parameter of the path, as text.
    const { token } = request.params as { token: string };
    const target = await lookUp(request, token, () => targetOf(token));
    if (target === null || !target.enabled) return say(reply, 404, 'Monitor not found or not active.');
    const status = queryOf(request, 'status') || 'up';
    const said = cutText(queryOf(request, 'msg') || 'OK', messageLengthMax, '').toWellFormed();
    const kind = status === 'up' ? 'success' : 'fail';
    intake.take(target, pingOf(request, 'uptime_kuma', { kind, durationMs, text: said }), (error) => {
      if (error === null) reply.headers(headers).send({ ok: true });
      else refuse(reply, error, say);
    });
  }

  const handler = (request: FastifyRequest, reply: FastifyReply): void => {
    push(request, reply).catch((error: unknown) => refuse(reply, error, say));
  };
  const shared = {
    url: '/api/push/:token',
    config: { quiet: true, unaudited: 'that a monitor reports is telemetry' },
    validatorCompiler: () => () => true,
    handler,
  };
  const schema = {
    summary: 'A push monitor says that it is up or down',
    description: 'In the form of Uptime Kuma. Every status except `up` is down.',
    tags: ['pings'],
    access: 'public',
    params: Type.Object({ token: Type.String({ description: 'Push token, or the UUID of a ping URL.' }) }),
    querystring: Type.Object({
      status: Type.Optional(Type.String({ default: 'up' })),
      msg: Type.Optional(Type.String({ default: 'OK' })),
      ping: Type.Optional(Type.String({ description: 'Milliseconds.' })),
    }),
    response: { 200: Ok, 404: NotOk, 429: NotOk },
  };
  app.route({ ...shared, method: 'GET', schema: { ...schema, operationId: 'push' } });
  app.route({ ...shared, method: 'POST', schema: { ...schema, operationId: 'pushByPost' } });
  app.route({ ...shared, method: ['PUT', 'PATCH', 'DELETE'], schema: { hide: true, access: 'public' } });
}

/** The milliseconds, or the fault in the text. */
function durationOf(text: string | undefined): number | null | string {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text);
  if (Number.isNaN(value)) return `Invalid ping value: '${cutText(text, 50)}' is not a valid number`;
  if (value < 0) return `Invalid ping value: ${value}ms cannot be negative`;
  if (value > pingMsMax) return `Invalid ping value: ${value}ms is larger than ${pingMsMax}ms`;
  return value;
}
