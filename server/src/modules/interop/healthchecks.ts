import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  createPingCheck,
  type PingIntake,
  type PingKind,
  type PingTarget,
  pingBodyBytesMax,
  pingsOf,
  slugKey,
} from '#modules/checks';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { isId } from '#platform/ids';
import { takeAnyBody } from './body.ts';
import { lookUp, pingOf, queryOf, refuse } from './request.ts';

const exitStatusMax = 255;
const slugPattern = /^[a-z0-9_-]+$/;
const headers = {
  'access-control-allow-origin': '*',
  'ping-body-limit': String(pingBodyBytesMax),
  'cache-control': 'no-store',
};

/** The meaning of the last part of the address. */
interface Action {
  readonly kind: PingKind;
  readonly exitStatus: number | null;
}

const plain: Action = { kind: 'success', exitStatus: null };
const actions = new Map<string, Action>([
  ['start', { kind: 'start', exitStatus: null }],
  ['fail', { kind: 'fail', exitStatus: null }],
  ['log', { kind: 'log', exitStatus: null }],
]);

function actionOf(text: string): Action | undefined {
  const named = actions.get(text);
  if (named !== undefined || !/^\d{1,9}$/.test(text)) return named;
  const exitStatus = Number(text);
  return { kind: exitStatus === 0 ? 'success' : 'fail', exitStatus };
}

function say(reply: FastifyReply, status: number, words: string): void {
  reply.code(status).headers(headers).type('text/plain; charset=utf-8').send(words);
}

const Rid = Type.Optional(
  Type.String({ description: 'A UUID; pairs a start with its end where runs overlap.' }),
);
const Action = Type.String({ description: '`start`, `fail`, `log`, or an exit status from 0 to 255.' });

const text = (description: string) => ({ description, content: { 'text/plain': { schema: Type.String() } } });
const response = {
  200: text('`OK`: the ping is stored.'),
  400: text('`invalid url format` or `invalid uuid format`.'),
  404: text('`not found`.'),
  429: text('`rate limit exceeded`: the ping is not stored.'),
};
const slugResponse = {
  ...response,
  201: text('`Created`: the check was made by this ping, which is stored.'),
  409: text('The slug belongs to another kind of check.'),
};

/** Healthchecks' ping URLs, with the same wire format: a script only changes the host name. */
export function healthchecksRoutes(app: App, ctx: Ctx): void {
  takeAnyBody(app);
  const { intake } = pingsOf(ctx);
  const ById = Type.Object({ uuid: Type.String() });
  route(
    app,
    '/ping/:uuid',
    'A job checks in',
    'ping',
    ById,
    Type.Object({ rid: Rid }),
    response,
    (request, reply) => byId(intake, request, reply, paramOf(request, 'uuid'), plain),
    'that a job checks in is telemetry',
  );
  route(
    app,
    '/ping/:uuid/:action',
    'A job starts, fails, logs or tells its exit status; or it checks in by ping key and slug',
    'pingAction',
    Type.Object({
      uuid: Type.String({ description: 'Or a ping key; then a slug follows.' }),
      action: Action,
    }),
    Type.Object({ rid: Rid, create: Create }),
    slugResponse,
    (request, reply) => {
      const [first, second] = [paramOf(request, 'uuid'), paramOf(request, 'action')];
      const action = isId(first) ? actionOf(second) : undefined;
      if (action !== undefined) byId(intake, request, reply, first, action);
      else bySlug(ctx, intake, request, reply, first, second, plain);
    },
  );
  route(
    app,
    '/ping/:key/:slug/:action',
    'The same by ping key and slug',
    'pingSlugAction',
    Type.Object({ key: Type.String(), slug: Type.String(), action: Action }),
    Type.Object({ rid: Rid, create: Create }),
    slugResponse,
    (request, reply) => {
      const action = actionOf(paramOf(request, 'action'));
      if (action === undefined) {
        say(reply, 404, 'not found');
        return;
      }
      bySlug(ctx, intake, request, reply, paramOf(request, 'key'), paramOf(request, 'slug'), action);
    },
  );
}

const Create = Type.Optional(
  Type.String({ description: '`1`: creates the check, expected daily, if there is none with this slug.' }),
);

type Handler = (request: FastifyRequest, reply: FastifyReply) => void;

/** GET (and HEAD) and POST are documented. All other methods count as pings as well. */
function route(
  app: App,
  url: string,
  summary: string,
  operationId: string,
  params: object,
  querystring: object,
  answers: object,
  handler: Handler,
  unaudited?: string,
): void {
  const schema = { summary, tags: ['pings'], access: 'public', params, querystring, response: answers };
  const config = { quiet: true, ...(unaudited === undefined ? {} : { unaudited }) };
  const shared = { url, handler, config, validatorCompiler: () => () => true };
  app.route({ ...shared, method: 'GET', schema: { ...schema, operationId } });
  app.route({ ...shared, method: 'POST', schema: { ...schema, operationId: `${operationId}ByPost` } });
  app.route({ ...shared, method: ['PUT', 'PATCH', 'DELETE'], schema: { hide: true, access: 'public' } });
  // A CORS preflight of a browser is not a check-in.
  app.route({
    method: 'OPTIONS',
    url,
    config: { quiet: true },
    schema: { hide: true, access: 'public' },
    handler: (_request, reply) => reply.code(204).headers(headers).send(),
  });
}

function paramOf({ params }: FastifyRequest, name: string): string {
  // Safe because the router sets every parameter of the path, as text.
  return (params as Record<string, string>)[name] ?? '';
}

function byId(
  intake: PingIntake,
  request: FastifyRequest,
  reply: FastifyReply,
  uuid: string,
  action: Action,
): void {
  if (!isId(uuid)) {
    say(reply, 404, 'not found');
    return;
  }
  const id = uuid.toLowerCase();
  const target = intake.directory.byId.peek(id);
  if (target !== undefined && target !== null) {
    take(intake, request, reply, target, action, false);
    return;
  }
  lookUp(request, id, () => intake.directory.byId.find(id, id))
    .then((found) => take(intake, request, reply, found, action, false))
    .catch((error: unknown) => refuse(reply, error, say));
}

function bySlug(
  ctx: Ctx,
  intake: PingIntake,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  slug: string,
  action: Action,
): void {
  if (!slugPattern.test(slug)) {
    say(reply, 400, 'invalid url format');
    return;
  }
  const target = intake.directory.bySlug.peek(slugKey(key, slug));
  if (target !== undefined && target !== null) {
    take(intake, request, reply, target, action, false);
    return;
  }
  findOrCreate(ctx, intake, request, key, slug, action)
    .then(({ target: found, created }) => take(intake, request, reply, found, action, created))
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'already_exists') say(reply, 409, error.message);
      else if (error instanceof AppError && error.code === 'validation_failed')
        say(reply, 400, 'invalid url format');
      else refuse(reply, error, say);
    });
}

async function findOrCreate(
  ctx: Ctx,
  intake: PingIntake,
  request: FastifyRequest,
  key: string,
  slug: string,
  action: Action,
): Promise<{ target: PingTarget | null; created: boolean }> {
  const { bySlug, byKey } = intake.directory;
  const create = queryOf(request, 'create') === '1';
  // With `create`, an unknown slug is not an error, but a wrong key is.
  const find = () => bySlug.find(slugKey(key, slug), { key, slug });
  const found = create ? await find() : await lookUp(request, slugKey(key, slug), find);
  if (found !== null || !create) return { target: found, created: false };
  const owner = await lookUp(request, key, () => byKey.find(key, key));
  // A ping that would be refused must not create a check.
  if (owner === null || mistakeIn(request, action) !== null) return { target: null, created: false };
  return await createPingCheck(ctx, owner, key, slug);
}

function take(
  intake: PingIntake,
  request: FastifyRequest,
  reply: FastifyReply,
  target: PingTarget | null,
  action: Action,
  created: boolean,
): void {
  if (target === null) {
    say(reply, 404, 'not found');
    return;
  }
  const mistake = mistakeIn(request, action);
  if (mistake !== null) {
    say(reply, 400, mistake);
    return;
  }
  const rid = queryOf(request, 'rid')?.toLowerCase() ?? null;
  try {
    const { kind, exitStatus } = action;
    intake.take(target, pingOf(request, 'healthchecks', { kind, exitStatus, rid }), (error) => {
      if (error !== null) refuse(reply, error, say);
      else if (created) say(reply, 201, 'Created');
      else say(reply, 200, 'OK');
    });
  } catch (error) {
    refuse(reply, error, say);
  }
}

function mistakeIn(request: FastifyRequest, action: Action): string | null {
  if (action.exitStatus !== null && action.exitStatus > exitStatusMax) return 'invalid url format';
  const rid = queryOf(request, 'rid');
  return rid === undefined || isId(rid) ? null : 'invalid uuid format';
}
