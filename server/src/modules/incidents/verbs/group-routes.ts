import { AlertBody, Incident, IncidentMergeBody, IncidentSplitBody } from '@watchkeeper/contracts';
import Type from 'typebox';
import { acceptPostedAlert } from '#modules/alerting';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { merge, split } from './merge-split.ts';
import { openIncident } from './open-incident.ts';

const tags = ['incidents'];
const base = '/api/v1/:org/incidents';
const params = Type.Object({
  org: Type.String(),
  id: Type.String({ description: 'Id or number.' }),
});

/** Which alerts belong together, decided by a person. */
export function groupRoutes(app: App, ctx: Ctx): void {
  app.post(
    base,
    {
      schema: {
        operationId: 'openIncident',
        access: 'alerts:operate',
        summary: 'Report a problem by hand',
        description:
          'Posts an alert and answers its incident: a new one, or an open one of the same place that it joins. The answer is 200 instead of 201 when the same problem is reported already.',
        tags,
        params: Type.Object({ org: Type.String() }),
        body: AlertBody,
        response: { 200: Incident, 201: Incident },
      },
      config: { idempotent: true },
      preValidation: acceptPostedAlert,
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const { incident, created } = await openIncident(ctx, scope, request.body);
      return reply
        .code(created ? 201 : 200)
        .header('location', `/api/v1/${scope.organizationSlug}/incidents/${incident.id}`)
        .send(incident);
    },
  );

  app.post(
    `${base}/:id/merge`,
    {
      schema: {
        operationId: 'mergeIncidents',
        access: 'alerts:operate',
        summary: 'Make other incidents part of this one',
        description: 'Their alerts move here, and they are over. Splitting takes alerts out again.',
        tags,
        params,
        body: IncidentMergeBody,
        response: { 200: Incident },
      },
    },
    async (request) => await merge(ctx, await tenantScope(request), request.params.id, request.body),
  );

  app.post(
    `${base}/:id/split`,
    {
      schema: {
        operationId: 'splitIncident',
        access: 'alerts:operate',
        summary: 'Make a new incident of some of its alerts',
        description:
          'Answers the new incident. At least one alert must stay. Merging puts them together again.',
        tags,
        params,
        body: IncidentSplitBody,
        response: { 201: Incident },
      },
      config: { idempotent: true },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const part = await split(ctx, scope, request.params.id, request.body);
      return reply
        .code(201)
        .header('location', `/api/v1/${scope.organizationSlug}/incidents/${part.id}`)
        .send(part);
    },
  );
}
