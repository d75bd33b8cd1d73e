import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { providerScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { HealthChecks } from '#platform/health';
import type { App } from '#platform/http/app';
import type { House } from '#platform/module';
import {
  asWarnings,
  checkClockOf,
  checkDatabase,
  checkDeadlines,
  checkSections,
  checkStorage,
  checkSystem,
  checkWatch,
  worst,
} from './checks.ts';
import { checkDisks } from './disk.ts';

const Health = Type.Object({
  status: Type.Union([Type.Literal('pass'), Type.Literal('warn'), Type.Literal('fail')]),
  checks: Type.Record(
    Type.String(),
    Type.Object({
      status: Type.String(),
      output: Type.Optional(Type.String()),
      observed_value: Type.Optional(Type.Number()),
      observed_unit: Type.Optional(Type.String()),
    }),
  ),
  notes: Type.Optional(Type.Array(Type.String())),
});

const healthSchema = (summary: string, operationId: string, access = 'public') => ({
  summary,
  operationId,
  tags: ['health'],
  access,
  response: { 200: Health, 503: Health },
});

function answer(reply: FastifyReply, checks: HealthChecks, notes?: readonly string[]) {
  const status = worst(checks);
  return reply
    .code(status === 'fail' ? 503 : 200)
    .header('cache-control', 'no-store')
    .send({ status, checks, ...(notes === undefined ? {} : { notes: [...notes] }) });
}

export function routes(app: App, ctx: Ctx, house: House): void {
  const sections = house.flatMap(({ health }) => health ?? []);

  app.get(
    '/health',
    { schema: healthSchema('Overall health', 'getHealth'), config: { quiet: true } },
    async (_request, reply) =>
      answer(reply, {
        database: await checkDatabase(ctx),
        storage: await checkStorage(ctx),
        watch: checkWatch(ctx),
        clock: await checkClockOf(ctx),
      }),
  );

  app.get(
    '/health/live',
    {
      schema: healthSchema('Liveness: fails when the watch loop is stale', 'getLiveness'),
      config: { quiet: true },
    },
    async (_request, reply) => answer(reply, { watch: checkWatch(ctx) }),
  );

  app.get(
    '/health/ready',
    { schema: healthSchema('Readiness: may traffic come here', 'getReadiness'), config: { quiet: true } },
    async (_request, reply) => {
      // Read in parallel, because without a database each of them waits.
      const [database, clock, work] = await Promise.all([
        checkDatabase(ctx),
        checkClockOf(ctx),
        checkSections(ctx, sections),
      ]);
      const state = ctx.process.draining ? 'The process is stopping.' : 'The process is starting.';
      return answer(reply, {
        process: ctx.process.ready ? { status: 'pass' } : { status: 'fail', output: state },
        database,
        'work:deadlines': checkDeadlines(),
        clock,
        // Work may be late because there are too few workers. That does not stop traffic.
        ...asWarnings(work),
      });
    },
  );

  app.get(
    '/health/database',
    { schema: healthSchema('The database', 'getDatabaseHealth'), config: { quiet: true } },
    async (_request, reply) =>
      answer(reply, { database: await checkDatabase(ctx), storage: await checkStorage(ctx) }),
  );

  app.get(
    '/health/system',
    { schema: healthSchema('This host', 'getSystemHealth'), config: { quiet: true } },
    async (_request, reply) => answer(reply, { ...checkSystem(), ...(await checkDisks(ctx)) }),
  );

  app.get(
    '/health/detailed',
    {
      schema: healthSchema('Everything, with a credential', 'getDetailedHealth', 'signed_in'),
    },
    async (request, reply) => {
      await providerScope(request);
      const pool = ctx.db.health.pool();
      const checks: HealthChecks = {
        database: await checkDatabase(ctx),
        storage: await checkStorage(ctx),
        'database:connections': {
          status: pool.waiting > 0 ? 'warn' : 'pass',
          observed_value: pool.total - pool.idle,
          observed_unit: 'in use',
        },
        watch: checkWatch(ctx),
        clock: await checkClockOf(ctx),
        'work:deadlines': checkDeadlines(),
        ...(await checkSections(ctx, sections)),
        ...checkSystem(),
        ...(await checkDisks(ctx)),
      };
      return answer(reply, checks, ctx.process.notes);
    },
  );
}
