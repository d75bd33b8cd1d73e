import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  changePingCheck,
  dropPingCheck,
  getPingCheck,
  listFlips,
  listKeptPings,
  listPingChecks,
  type PingCheck,
  pingsOf,
  readPingBody,
  switchPingCheck,
  upsertPingCheck,
} from '#modules/checks';
import { type Scope, soleScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import type { App } from '#platform/http/app';
import { queryOf } from '../request.ts';
import { paramOf, rangeOf, reference, tagsIn, uuid } from './address.ts';
import { badgeUrls } from './badges.ts';
import { type ApiVersion, changeOf, matcherOf, tagsOf } from './change.ts';
import { checkChannels, readChannels, readTold, wordOf } from './channels.ts';
import {
  BadgeListShape,
  ChannelListShape,
  CheckBody,
  CheckListShape,
  CheckShape,
  FlipListShape,
  PingListShape,
  refusals,
} from './shapes.ts';
import { parseSpec } from './spec.ts';
import { type Sight, toFlip, toPing, toShape } from './view.ts';
import { allowBrowsers, answer, documentOf } from './wire.ts';

const flipsMax = 1_000;
const tags = ['healthchecks'];
const security = [{ apiKey: [] }, { bearer: [] }];
const ByUuid = Type.Object({ check: Type.String({ description: 'A UUID.' }) });
const ByReference = Type.Object({ check: Type.String({ description: 'A UUID, or a unique key.' }) });
const FlipQuery = Type.Object({
  seconds: Type.Optional(Type.String({ description: 'Only of this many last seconds.' })),
  start: Type.Optional(Type.String({ description: 'From this second of the epoch on.' })),
  end: Type.Optional(Type.String({ description: 'Before this second of the epoch.' })),
});

type Shape = Record<string, unknown>;

/** The management API of Healthchecks: scripts, providers and libraries move by another base URL. */
export function managementRoutes(app: App, ctx: Ctx, version: ApiVersion): void {
  const base = `/api/v${version}`;
  const publicUrl = ctx.config.http.publicUrl.replace(/\/$/, '');
  const shared = { config: { apiKeyHeader: true }, validatorCompiler: () => () => true };
  const schema = (name: string, summary: string, access: string, response: Shape, more: Shape = {}) => ({
    summary: `${summary} (Healthchecks, version ${version})`,
    operationId: `healthchecks${name}V${version}`,
    access,
    tags,
    security,
    response: { ...response, ...refusals },
    ...more,
  });

  async function sightOf(scope: Scope): Promise<Sight> {
    const secrets = scope.permissions.has('inventory:write');
    const channels = secrets ? wordOf(await readTold(ctx, scope, await readChannels(ctx, scope))) : '';
    return { version, publicUrl, secrets, channels };
  }
  async function shown(scope: Scope, check: PingCheck) {
    // The check's address may be new, or may belong to another check now.
    if (scope.permissions.has('inventory:write')) pingsOf(ctx).intake.directory.forget([check.id]);
    return toShape(check, await sightOf(scope));
  }
  async function specOf(request: FastifyRequest, scope: Scope) {
    const spec = parseSpec(documentOf(request));
    if (spec.channels !== undefined) {
      const channels = await readChannels(ctx, scope);
      checkChannels(spec.channels, channels, await readTold(ctx, scope, channels));
    }
    return spec;
  }

  app.get(
    `${base}/checks`,
    {
      ...shared,
      schema: schema(
        'ListChecks',
        'All checks',
        'read',
        { 200: CheckListShape },
        {
          querystring: Type.Object({
            tag: Type.Optional(
              Type.Array(Type.String(), { description: 'Only checks that have all of these tags.' }),
            ),
            slug: Type.Optional(Type.String()),
          }),
        },
      ),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const wanted = tagsIn(request.query);
      const slug = queryOf(request, 'slug');
      const checks = (await listPingChecks(ctx, scope)).filter(
        (check) =>
          (slug === undefined || slug === '' || check.slug === slug) &&
          wanted.every((tag) => tagsOf(check).includes(tag)),
      );
      const sight = await sightOf(scope);
      return answer(reply).send({ checks: checks.map((check) => toShape(check, sight)) });
    },
  );

  app.post(
    `${base}/checks`,
    {
      ...shared,
      config: { ...shared.config, idempotent: true },
      schema: schema(
        'CreateCheck',
        'Create a check, or change the one that `unique` finds',
        'body|inventory:write',
        { 200: CheckShape, 201: CheckShape },
        { body: CheckBody },
      ),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const spec = await specOf(request, scope);
      const { check, created } = await upsertPingCheck(ctx, scope, matcherOf(spec), (before) =>
        changeOf(spec, version, before),
      ).catch(limitReached);
      return answer(reply, created ? 201 : 200).send(await shown(scope, check));
    },
  );

  app.get(
    `${base}/checks/${reference}`,
    {
      ...shared,
      schema: schema('GetCheck', 'One check', 'read', { 200: CheckShape }, { params: ByReference }),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const check = await getPingCheck(ctx, scope, paramOf(request, 'check'));
      return answer(reply).send(toShape(check, await sightOf(scope)));
    },
  );

  app.post(
    `${base}/checks/${uuid}`,
    {
      ...shared,
      schema: schema(
        'UpdateCheck',
        'Change a check; fields that are not sent stay',
        'body|inventory:write',
        { 200: CheckShape },
        { params: ByUuid, body: CheckBody },
      ),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const spec = await specOf(request, scope);
      const check = await changePingCheck(ctx, scope, paramOf(request, 'check'), (before) =>
        changeOf(spec, version, before),
      );
      return answer(reply).send(await shown(scope, check));
    },
  );

  app.delete(
    `${base}/checks/${uuid}`,
    {
      ...shared,
      schema: schema(
        'DeleteCheck',
        'Delete a check',
        'inventory:write',
        { 200: CheckShape },
        { params: ByUuid },
      ),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const check = await dropPingCheck(ctx, scope, paramOf(request, 'check'));
      return answer(reply).send(await shown(scope, check));
    },
  );

  for (const [word, name, summary] of [
    ['pause', 'PauseCheck', 'Pause a check'],
    ['resume', 'ResumeCheck', 'Resume a check that is paused'],
  ] as const) {
    const url = `${base}/checks/${uuid}/${word}`;
    app.post(
      url,
      {
        ...shared,
        schema: schema(name, summary, 'body|inventory:write', { 200: CheckShape }, { params: ByUuid }),
      },
      async (request, reply) => {
        const scope = await soleScope(request);
        const check = await switchPingCheck(ctx, scope, paramOf(request, 'check'), word === 'resume');
        return answer(reply).send(await shown(scope, check));
      },
    );
    allowBrowsers(app, url, 'POST');
  }

  app.get(
    `${base}/checks/${uuid}/pings`,
    {
      ...shared,
      schema: schema('ListPings', 'The kept pings', 'read', { 200: PingListShape }, { params: ByUuid }),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const check = await getPingCheck(ctx, scope, paramOf(request, 'check'));
      const pings = await listKeptPings(ctx, scope, check.id);
      const sight = { version, publicUrl, secrets: true, channels: '' };
      return answer(reply).send({ pings: pings.map((ping) => toPing(ping, check, sight)) });
    },
  );

  app.get(
    `${base}/checks/${uuid}/pings/:n(^\\d{1,15}$)/body`,
    {
      ...shared,
      schema: schema(
        'GetPingBody',
        'The kept part of the body of a ping',
        'read',
        {
          200: { description: 'The body, unchanged.', content: { 'text/plain': { schema: Type.String() } } },
        },
        { params: Type.Object({ check: Type.String(), n: Type.Integer() }) },
      ),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const check = await getPingCheck(ctx, scope, paramOf(request, 'check'));
      const body = await readPingBody(ctx, scope, check.id, Number(paramOf(request, 'n')));
      if (body === null) throw notFound('body');
      return answer(reply).type('text/plain; charset=utf-8').send(body.toString('utf8'));
    },
  );

  app.get(
    `${base}/checks/${reference}/flips`,
    {
      ...shared,
      schema: schema(
        'ListFlips',
        'When it went up or down',
        'read',
        { 200: FlipListShape },
        {
          params: ByReference,
          querystring: FlipQuery,
        },
      ),
    },
    async (request, reply) => {
      const scope = await soleScope(request);
      const range = rangeOf(request, ctx.clock.now());
      const flips = await listFlips(ctx, scope, paramOf(request, 'check'), { ...range, limit: flipsMax });
      return answer(reply).send({ flips: flips.map(toFlip) });
    },
  );

  app.get(
    `${base}/channels`,
    { ...shared, schema: schema('ListChannels', 'Who is told', 'read', { 200: ChannelListShape }) },
    async (request, reply) => {
      const channels = await readChannels(ctx, await soleScope(request));
      return answer(reply).send({ channels: channels.map(({ id, name, kind }) => ({ id, name, kind })) });
    },
  );

  app.get(
    `${base}/badges`,
    { ...shared, schema: schema('ListBadges', 'A badge of each tag', 'read', { 200: BadgeListShape }) },
    async (request, reply) => {
      const scope = await soleScope(request);
      const named = new Set(['*', ...(await listPingChecks(ctx, scope)).flatMap(tagsOf)]);
      const badges = [...named].map((tag) => [tag, badgeUrls(ctx, publicUrl, scope.organizationId, tag)]);
      return answer(reply).send({ badges: Object.fromEntries(badges) });
    },
  );

  allowBrowsers(app, `${base}/checks`, 'GET, POST');
  allowBrowsers(app, `${base}/checks/${reference}`, 'GET, POST, DELETE');
  allowBrowsers(app, `${base}/checks/${uuid}/pings`, 'GET');
  allowBrowsers(app, `${base}/checks/${reference}/flips`, 'GET');
  for (const list of ['channels', 'badges']) allowBrowsers(app, `${base}/${list}`, 'GET');
}

/** The maximum number of checks is reached. Healthchecks answers 403 for this. */
function limitReached(error: unknown): never {
  if (error instanceof AppError && error.code === 'conflict')
    throw new AppError('forbidden', error.message, { cause: error });
  throw error;
}
