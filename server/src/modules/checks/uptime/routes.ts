import { CheckUptime } from '@watchkeeper/contracts/check-uptime';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { readCheckUptime } from './read-uptime.ts';

const Params = Type.Object({ org: Type.String(), check: Type.String({ minLength: 1, maxLength: 128 }) });

export function uptimeRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/checks/:check/uptime',
    {
      schema: {
        summary: 'How much of the time a check was up, over 24 hours, 7, 30 and 90 days, and day by day',
        operationId: 'getCheckUptime',
        access: 'read',
        tags: ['checks'],
        params: Params,
        response: { 200: CheckUptime },
      },
    },
    async (request) => await readCheckUptime(ctx, await tenantScope(request), request.params.check),
  );
}
