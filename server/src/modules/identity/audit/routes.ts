import { AuditPage, AuditQuery, OrganizationParams } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { tenantScope } from '../authentication.ts';
import { listAudit } from './list-audit.ts';

const listSchema = {
  tags: ['organizations'],
  operationId: 'listAudit',
  summary: 'Who changed what, newest first',
  params: OrganizationParams,
  querystring: AuditQuery,
  response: { 200: AuditPage },
};

export function auditRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/audit',
    { schema: listSchema },
    async (request) => await listAudit(ctx, await tenantScope(request), request.query),
  );
}
