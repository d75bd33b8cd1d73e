import {
  Incident,
  IncidentAcknowledgeBody,
  IncidentAssignBody,
  IncidentCommentBody,
  IncidentResolveBody,
  IncidentSnoozeBody,
  Nullable,
} from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { acceptCamelCase, acceptNames } from '#platform/http/spelling';
import { actOnIncident } from './act.ts';
import {
  acknowledgingIncident,
  assigning,
  commenting,
  reopeningIncident,
  resolvingIncident,
  snoozing,
  unacknowledgingIncident,
  unsnoozing,
} from './verbs.ts';

const base = '/api/v1/:org/incidents/:id';
const params = Type.Object({
  org: Type.String(),
  id: Type.String({ description: 'Id or number.' }),
});

export const acceptResolution = [acceptCamelCase, acceptNames({ resolution: 'reason' })];

/** What people do with one incident. */
export function verbRoutes(app: App, ctx: Ctx): void {
  const schema = (operationId: string, summary: string, description?: string) => ({
    operationId,
    access: 'alerts:operate',
    summary,
    ...(description === undefined ? {} : { description }),
    tags: ['incidents'],
    params,
    response: { 200: Incident },
  });
  app.post(
    `${base}/acknowledge`,
    {
      schema: {
        ...schema(
          'acknowledgeIncident',
          'Acknowledge: somebody is looking at it',
          'Its open alerts are acknowledged with it. Acknowledging every alert that needs somebody acknowledges the incident as well.',
        ),
        body: Nullable(IncidentAcknowledgeBody),
      },
    },
    async (request) =>
      await actOnIncident(
        ctx,
        await tenantScope(request),
        acknowledgingIncident(request.body),
        request.params.id,
      ),
  );
  app.post(
    `${base}/unacknowledge`,
    {
      schema: schema(
        'unacknowledgeIncident',
        'Take an acknowledgement back',
        'The acknowledgements of its alerts are taken back with it.',
      ),
    },
    async (request) =>
      await actOnIncident(ctx, await tenantScope(request), unacknowledgingIncident, request.params.id),
  );
  app.post(
    `${base}/assign`,
    {
      schema: {
        ...schema('assignIncident', 'Give it to a member, or to nobody'),
        body: IncidentAssignBody,
      },
    },
    async (request) =>
      await actOnIncident(ctx, await tenantScope(request), assigning(request.body.user), request.params.id),
  );
  app.post(
    `${base}/comment`,
    {
      schema: { ...schema('commentOnIncident', 'Write a comment'), body: IncidentCommentBody },
      config: { idempotent: true },
    },
    async (request) =>
      await actOnIncident(ctx, await tenantScope(request), commenting(request.body.text), request.params.id),
  );
  app.post(
    `${base}/snooze`,
    {
      schema: {
        ...schema(
          'snoozeIncident',
          'Quiet until a time, unless it gets worse',
          'Give `until` or `for`, at most 30 days. When the snooze runs out, the incident needs somebody again and is told again.',
        ),
        body: IncidentSnoozeBody,
      },
    },
    async (request) =>
      await actOnIncident(
        ctx,
        await tenantScope(request),
        snoozing(request.body, nowDate(ctx.clock)),
        request.params.id,
      ),
  );
  app.post(
    `${base}/unsnooze`,
    { schema: schema('unsnoozeIncident', 'End a snooze now') },
    async (request) => await actOnIncident(ctx, await tenantScope(request), unsnoozing, request.params.id),
  );
  app.post(
    `${base}/resolve`,
    {
      schema: {
        ...schema(
          'resolveIncident',
          'Resolve: it is over, why, and what was done',
          'Its alerts are resolved with it, with the same reason. Resolving every alert resolves the incident as well.',
        ),
        body: IncidentResolveBody,
      },
      preValidation: acceptResolution,
    },
    async (request) =>
      await actOnIncident(
        ctx,
        await tenantScope(request),
        resolvingIncident(request.body),
        request.params.id,
      ),
  );
  app.post(
    `${base}/reopen`,
    {
      schema: schema(
        'reopenIncident',
        'Take a resolution back',
        'Alerts that were resolved together with it are reopened, within the time in which alerts can be. An incident that was merged into another one cannot be reopened.',
      ),
    },
    async (request) =>
      await actOnIncident(ctx, await tenantScope(request), reopeningIncident, request.params.id),
  );
}
