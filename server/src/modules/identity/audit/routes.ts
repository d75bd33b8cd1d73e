import type { Readable } from 'node:stream';
import { AuditExportQuery, AuditPage, AuditQuery, OrganizationParams } from '@watchkeeper/contracts/identity';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { tenantScope } from '../authentication.ts';
import { exportAudit } from './export-audit.ts';
import { listAudit } from './list-audit.ts';

const listSchema = {
  tags: ['organizations'],
  operationId: 'listAudit',
  access: 'audit:read',
  summary: 'Who changed what, newest first',
  params: OrganizationParams,
  querystring: AuditQuery,
  response: { 200: AuditPage },
};

const exportSchema = {
  tags: ['organizations'],
  operationId: 'exportAudit',
  access: 'audit:read',
  summary: 'The audit record as a CSV or JSON file; the export is recorded itself',
  params: OrganizationParams,
  querystring: AuditExportQuery,
  response: {
    200: {
      content: {
        'text/csv': { schema: Type.String() },
        'application/json': { schema: Type.String({ description: 'An array of entries.' }) },
      },
    },
  },
};
const contentTypes = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

export function auditRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/audit',
    { schema: listSchema },
    async (request) => await listAudit(ctx, await tenantScope(request), request.query),
  );

  app.get('/api/v1/:org/audit/export', { schema: exportSchema }, async (request, reply) => {
    const scope = await tenantScope(request);
    const { format } = request.query;
    const file = await exportAudit(ctx, scope, request.query);
    return await reply
      .header('content-type', contentTypes[format])
      .header('content-disposition', `attachment; filename="audit-${scope.organizationSlug}.${format}"`)
      .header('cache-control', 'no-store')
      .send(asText(file));
  });
}

/** Safe because Fastify sends a stream of text as it would send the text; the response's type knows only the latter. */
function asText(stream: Readable): string {
  return stream as unknown as string;
}
