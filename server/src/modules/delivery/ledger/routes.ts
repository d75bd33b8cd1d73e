import { NotificationPage, NotificationQuery } from '@watchkeeper/contracts/notifications';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { listNotifications } from './list-notifications.ts';

const OrgParams = Type.Object({ org: Type.String() });

export function ledgerRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/notifications',
    {
      schema: {
        summary: 'The ledger: who was told, who was not, and why',
        operationId: 'listNotifications',
        access: 'read',
        tags: ['notifications'],
        params: OrgParams,
        querystring: NotificationQuery,
        response: { 200: NotificationPage },
      },
    },
    async (request) => await listNotifications(ctx, await tenantScope(request), request.query),
  );
}
