import { sql } from 'kysely';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import type { ApiVersion } from './change.ts';

/** Whether the database answers, for probes that know Healthchecks. /health says more. */
export function statusRoutes(app: App, ctx: Ctx, version: ApiVersion): void {
  app.get(
    `/api/v${version}/status`,
    {
      config: { quiet: true },
      schema: {
        summary: `Whether the database answers (Healthchecks, version ${version})`,
        operationId: `healthchecksStatusV${version}`,
        access: 'public',
        tags: ['healthchecks'],
        response: { 200: { description: '`OK`', content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => {
      // A system transaction, because it reads no tenant's data.
      await ctx.db.system((tx) => sql`select 1`.execute(tx));
      return reply.type('text/plain; charset=utf-8').send('OK');
    },
  );
}
