import { AcknowledgeBody, Alert, AlertPage, listLimitDefault } from '@watchkeeper/contracts';
import {
  OperationsAlertBody,
  OperationsAlertQuery,
  OperationsQuery,
  OperationsResolveBody,
} from '@watchkeeper/contracts/operations';
import Type from 'typebox';
import {
  acceptPostedAlert,
  acknowledging,
  actOnAlert,
  cursorOfAlert,
  listAlerts,
  postAlert,
  resolving,
  scopeOfAlert,
  toAlert,
} from '#modules/alerting';
import { providerScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { acceptCamelCase, acceptNames } from '#platform/http/spelling';
import { operationsScope } from './scope.ts';
import { operationsBase, operationsTags as tags } from './system-routes.ts';

const base = `${operationsBase}/alerts`;
const OneAlert = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const OptionalNote = Type.Union([AcknowledgeBody, Type.Null()]);

/** The alerts of the alerting module, under names for operators' scripts, with the same lifecycle and audit. */
export function alertRoutes(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listOperationsAlerts',
        access: 'read',
        summary: 'Alerts, newest or most severe first',
        tags,
        querystring: OperationsAlertQuery,
        response: { 200: AlertPage },
      },
    },
    async (request) => {
      const { org, ...query } = request.query;
      const { scope } = await operationsScope(ctx, request, org);
      const rows = await listAlerts(ctx, scope, query);
      return toPage(
        rows,
        query.limit ?? listLimitDefault,
        (row) => cursorOfAlert(row, query.order ?? 'newest'),
        toAlert,
      );
    },
  );
  app.post(
    base,
    {
      schema: {
        operationId: 'postOperationsAlert',
        access: 'alerts:operate',
        summary: 'Post an alert that another system or a person found',
        tags,
        body: OperationsAlertBody,
        querystring: OperationsQuery,
        response: { 200: Alert, 201: Alert },
      },
      config: { idempotent: true },
      preValidation: acceptPostedAlert,
    },
    async (request, reply) => {
      const { org, ...body } = request.body;
      const { scope } = await operationsScope(ctx, request, org ?? request.query.org);
      const { alert, created } = await postAlert(ctx, scope, body);
      return reply.code(created ? 201 : 200).send(alert);
    },
  );
  verbRoutes(app, ctx);
}

/**
 * An alert's id is unique, so no organization is named: the alert is looked up in all that the credential may reach.
 */
function verbRoutes(app: App, ctx: Ctx): void {
  const schema = (operationId: string, summary: string) => ({
    operationId,
    access: 'alerts:operate',
    summary,
    tags,
    params: OneAlert,
    querystring: OperationsQuery,
    response: { 200: Alert },
  });
  app.post(
    `${base}/:id/acknowledge`,
    {
      schema: {
        ...schema('acknowledgeOperationsAlert', 'Acknowledge: somebody is looking at it'),
        body: OptionalNote,
      },
      preValidation: acceptCamelCase,
    },
    async (request) => {
      const scope = await scopeOfAlert(ctx, await providerScope(request), request.params.id);
      return await actOnAlert(ctx, scope, acknowledging(request.body), request.params.id);
    },
  );
  app.post(
    `${base}/:id/resolve`,
    {
      schema: {
        ...schema('resolveOperationsAlert', 'Resolve: it is over, why, and what was done'),
        body: OperationsResolveBody,
      },
      preValidation: [acceptCamelCase, acceptNames({ reason: 'resolution' })],
    },
    async (request) => {
      const { resolution: reason, ...rest } = request.body;
      const scope = await scopeOfAlert(ctx, await providerScope(request), request.params.id);
      return await actOnAlert(ctx, scope, resolving({ reason, ...rest }), request.params.id);
    },
  );
}
