import {
  BulkIncidentAcknowledgeBody,
  BulkIncidentResolveBody,
  BulkIncidentResults,
  BulkIncidentsBody,
} from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { actOnIncidents } from './act.ts';
import { acceptResolution } from './routes.ts';
import {
  acknowledgingIncident,
  reopeningIncident,
  resolvingIncident,
  unacknowledgingIncident,
} from './verbs.ts';

const base = '/api/v1/:org/incidents';

/** The verbs for several incidents: one transaction, one outcome per incident. */
export function bulkRoutes(app: App, ctx: Ctx): void {
  const schema = (operationId: string, summary: string) => ({
    operationId,
    access: 'alerts:operate',
    summary,
    tags: ['incidents'],
    params: Type.Object({ org: Type.String() }),
    response: { 200: BulkIncidentResults },
  });
  app.post(
    `${base}/acknowledge`,
    {
      schema: {
        ...schema('acknowledgeIncidents', 'Acknowledge a selection'),
        body: BulkIncidentAcknowledgeBody,
      },
    },
    async (request) => ({
      data: await actOnIncidents(
        ctx,
        await tenantScope(request),
        acknowledgingIncident(request.body),
        request.body.ids,
      ),
    }),
  );
  app.post(
    `${base}/unacknowledge`,
    {
      schema: { ...schema('unacknowledgeIncidents', 'Take acknowledgements back'), body: BulkIncidentsBody },
    },
    async (request) => ({
      data: await actOnIncidents(ctx, await tenantScope(request), unacknowledgingIncident, request.body.ids),
    }),
  );
  app.post(
    `${base}/resolve`,
    {
      schema: { ...schema('resolveIncidents', 'Resolve a selection'), body: BulkIncidentResolveBody },
      preValidation: acceptResolution,
    },
    async (request) => ({
      data: await actOnIncidents(
        ctx,
        await tenantScope(request),
        resolvingIncident(request.body),
        request.body.ids,
      ),
    }),
  );
  app.post(
    `${base}/reopen`,
    { schema: { ...schema('reopenIncidents', 'Take resolutions back'), body: BulkIncidentsBody } },
    async (request) => ({
      data: await actOnIncidents(ctx, await tenantScope(request), reopeningIncident, request.body.ids),
    }),
  );
}
