import {
  AcknowledgeBody,
  Alert,
  AlertBody,
  type AlertOrder,
  AlertPage,
  AlertQuery,
  AlertSignal,
  AlertSignalQuery,
  AlertWithTimeline,
  BulkAcknowledgeBody,
  BulkAlertResults,
  BulkAlertsBody,
  BulkResolveBody,
  listLimitDefault,
  Nullable,
  Overview,
  ProviderAlertQuery,
  ResolveBody,
} from '@watchkeeper/contracts';
import Type from 'typebox';
import { providerScope, tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { toPage } from '#platform/http/cursor';
import { etagOf } from '#platform/http/etag';
import { acceptCamelCase, acceptNames } from '#platform/http/spelling';
import { readOverview } from '../overview.ts';
import { actOnAlert, actOnAlerts } from './act.ts';
import { toAlert } from './alert-view.ts';
import { postAlert } from './post-alert.ts';
import { acceptPostedAlert } from './posted-spelling.ts';
import { cursorOfAlert, getAlert, listAlerts, listProviderAlerts, scopeOfAlert } from './read-alerts.ts';
import { readAlertSignal } from './read-signal.ts';
import type { AlertRow } from './store.ts';
import { acknowledging, reopening, resolving, unacknowledging } from './verbs.ts';

const tags = ['alerts'];
const base = '/api/v1/:org/alerts';
const Organization = Type.Object({ org: Type.String() });
const OneAlert = Type.Object({ org: Type.String(), id: Type.String() });
const OneProviderAlert = Type.Object({ id: Type.String() });
/** A POST without a body acknowledges as well. */
const OptionalAcknowledgeBody = Nullable(AcknowledgeBody);

function pageOf(rows: readonly AlertRow[], query: { limit?: number; order?: AlertOrder }) {
  return toPage(
    rows,
    query.limit ?? listLimitDefault,
    (row) => cursorOfAlert(row, query.order ?? 'newest'),
    toAlert,
  );
}

const acceptResolution = [acceptCamelCase, acceptNames({ resolution: 'reason' })];

export function alertRoutes(app: App, ctx: Ctx): void {
  verbRoutes(app, ctx);
  bulkRoutes(app, ctx);
  app.get(
    base,
    {
      schema: {
        operationId: 'listAlerts',
        access: 'read',
        summary: 'Alerts, newest or most severe first',
        tags,
        params: Organization,
        querystring: AlertQuery,
        response: { 200: AlertPage },
      },
    },
    async (request) =>
      pageOf(await listAlerts(ctx, await tenantScope(request), request.query), request.query),
  );

  app.post(
    base,
    {
      schema: {
        operationId: 'postAlert',
        access: 'alerts:operate',
        summary: 'Post an alert that another system or a person found',
        description:
          'It is told, acknowledged and resolved like every alert. The answer is 200 instead of 201 when the same alert is open already. Names may be written in camelCase, `type` and `severity` in any case.',
        tags,
        params: Organization,
        body: AlertBody,
        response: { 200: Alert, 201: Alert },
      },
      config: { idempotent: true },
      preValidation: acceptPostedAlert,
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const { alert, created } = await postAlert(ctx, scope, request.body);
      return reply
        .code(created ? 201 : 200)
        .header('location', `/api/v1/${scope.organizationSlug}/alerts/${alert.id}`)
        .send(alert);
    },
  );

  app.get(
    `${base}/:id`,
    {
      schema: {
        operationId: 'getAlert',
        access: 'read',
        summary: 'One alert with its timeline',
        tags,
        params: OneAlert,
        response: { 200: AlertWithTimeline },
      },
    },
    async (request, reply) => {
      const alert = await getAlert(ctx, await tenantScope(request), request.params.id);
      return reply.header('etag', etagOf(alert.version)).send(alert);
    },
  );

  app.get(
    `${base}/:id/signal`,
    {
      schema: {
        operationId: 'getAlertSignal',
        access: 'read',
        summary: "The values that the alert's rule measured, over time, with its limit",
        tags,
        params: OneAlert,
        querystring: AlertSignalQuery,
        response: { 200: AlertSignal },
      },
    },
    async (request) =>
      await readAlertSignal(ctx, await tenantScope(request), request.params.id, request.query),
  );

  app.get(
    '/api/v1/:org/overview',
    {
      schema: {
        operationId: 'getOverview',
        access: 'read',
        summary: 'Sites, open alerts and the last hour in one answer',
        tags,
        params: Organization,
        response: { 200: Overview },
      },
    },
    async (request) => await readOverview(ctx, await tenantScope(request)),
  );
}

/** Acknowledge and resolve one alert, and take each of them back. */
function verbRoutes(app: App, ctx: Ctx): void {
  const schema = (operationId: string, summary: string) => ({
    operationId,
    access: 'alerts:operate',
    summary,
    tags,
    params: OneAlert,
    response: { 200: Alert },
  });
  app.post(
    `${base}/:id/acknowledge`,
    {
      schema: {
        ...schema('acknowledgeAlert', 'Acknowledge: somebody is looking at it'),
        body: OptionalAcknowledgeBody,
      },
      preValidation: acceptCamelCase,
    },
    async (request) =>
      await actOnAlert(ctx, await tenantScope(request), acknowledging(request.body), request.params.id),
  );
  app.post(
    `${base}/:id/unacknowledge`,
    { schema: schema('unacknowledgeAlert', 'Take an acknowledgement back') },
    async (request) => await actOnAlert(ctx, await tenantScope(request), unacknowledging, request.params.id),
  );
  app.post(
    `${base}/:id/resolve`,
    {
      schema: { ...schema('resolveAlert', 'Resolve: it is over, why, and what was done'), body: ResolveBody },
      preValidation: acceptResolution,
    },
    async (request) =>
      await actOnAlert(ctx, await tenantScope(request), resolving(request.body), request.params.id),
  );
  app.post(
    `${base}/:id/reopen`,
    { schema: schema('reopenAlert', 'Take back a resolution by hand, shortly after it') },
    async (request) => await actOnAlert(ctx, await tenantScope(request), reopening, request.params.id),
  );
}

/** The same verbs for several alerts: one transaction, one outcome per alert. */
function bulkRoutes(app: App, ctx: Ctx): void {
  const schema = (operationId: string, summary: string) => ({
    operationId,
    access: 'alerts:operate',
    summary,
    tags,
    params: Organization,
    response: { 200: BulkAlertResults },
  });
  app.post(
    `${base}/acknowledge`,
    { schema: { ...schema('acknowledgeAlerts', 'Acknowledge a selection'), body: BulkAcknowledgeBody } },
    async (request) => ({
      data: await actOnAlerts(ctx, await tenantScope(request), acknowledging(request.body), request.body.ids),
    }),
  );
  app.post(
    `${base}/unacknowledge`,
    { schema: { ...schema('unacknowledgeAlerts', 'Take acknowledgements back'), body: BulkAlertsBody } },
    async (request) => ({
      data: await actOnAlerts(ctx, await tenantScope(request), unacknowledging, request.body.ids),
    }),
  );
  app.post(
    `${base}/resolve`,
    {
      schema: { ...schema('resolveAlerts', 'Resolve a selection'), body: BulkResolveBody },
      preValidation: acceptResolution,
    },
    async (request) => ({
      data: await actOnAlerts(ctx, await tenantScope(request), resolving(request.body), request.body.ids),
    }),
  );
  app.post(
    `${base}/reopen`,
    { schema: { ...schema('reopenAlerts', 'Take back resolutions by hand'), body: BulkAlertsBody } },
    async (request) => ({
      data: await actOnAlerts(ctx, await tenantScope(request), reopening, request.body.ids),
    }),
  );
}

export function providerAlertRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/provider/alerts',
    {
      schema: {
        operationId: 'listProviderAlerts',
        access: 'read',
        summary: 'Alerts of all tenants the caller may see, newest first',
        tags,
        querystring: ProviderAlertQuery,
        response: { 200: AlertPage },
      },
    },
    async (request) =>
      pageOf(await listProviderAlerts(ctx, await providerScope(request), request.query), request.query),
  );

  app.post(
    '/provider/alerts/:id/ack',
    {
      schema: {
        operationId: 'acknowledgeProviderAlert',
        access: 'alerts:operate',
        summary: 'Acknowledge: somebody is looking at it',
        tags,
        params: OneProviderAlert,
        body: OptionalAcknowledgeBody,
        response: { 200: Alert },
      },
      preValidation: acceptCamelCase,
    },
    async (request) => {
      const scope = await scopeOfAlert(ctx, await providerScope(request), request.params.id);
      return await actOnAlert(ctx, scope, acknowledging(request.body), request.params.id);
    },
  );

  app.post(
    '/provider/alerts/:id/resolve',
    {
      schema: {
        operationId: 'resolveProviderAlert',
        access: 'alerts:operate',
        summary: 'Resolve: it is over, and why',
        tags,
        params: OneProviderAlert,
        body: ResolveBody,
        response: { 200: Alert },
      },
      preValidation: acceptResolution,
    },
    async (request) => {
      const scope = await scopeOfAlert(ctx, await providerScope(request), request.params.id);
      return await actOnAlert(ctx, scope, resolving(request.body), request.params.id);
    },
  );
}
