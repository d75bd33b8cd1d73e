import { IncidentPage, IncidentQuery, IncidentWithTimeline, listLimitDefault } from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf } from '#platform/http/etag';
import { toIncident } from './incident-view.ts';
import { cursorOfIncident, getIncident, listIncidents } from './read-incidents.ts';

const tags = ['incidents'];
const base = '/api/v1/:org/incidents';

export function inboxRoutes(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listIncidents',
        access: 'read',
        summary: 'Incidents, newest or most urgent first',
        tags,
        params: Type.Object({ org: Type.String() }),
        querystring: IncidentQuery,
        response: { 200: IncidentPage },
      },
    },
    async (request) => {
      const { query } = request;
      const { rows, now } = await listIncidents(ctx, await tenantScope(request), query);
      return toPage(
        rows,
        query.limit ?? listLimitDefault,
        (row) => cursorOfIncident(row, query.order ?? 'newest', now),
        (row) => toIncident(row, now),
      );
    },
  );

  app.get(
    `${base}/:id`,
    {
      schema: {
        operationId: 'getIncident',
        access: 'read',
        summary: 'One incident with its alerts, its timeline and similar ones before',
        tags,
        params: Type.Object({
          org: Type.String(),
          id: Type.String({ description: 'Id or number.' }),
        }),
        response: { 200: IncidentWithTimeline },
      },
    },
    async (request, reply) => {
      const incident = await getIncident(ctx, await tenantScope(request), request.params.id);
      return reply.header('etag', etagOf(incident.version)).send(incident);
    },
  );
}
