import {
  AcknowledgeBody,
  Alert,
  AlertPage,
  AlertQuery,
  AlertWithTimeline,
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
import { readOverview } from '../overview.ts';
import { acknowledgeAlert } from './acknowledge-alert.ts';
import { toAlert } from './alert-view.ts';
import { getAlert, listAlerts, listProviderAlerts, scopeOfAlert } from './read-alerts.ts';
import { resolveAlert } from './resolve-alert.ts';
import type { AlertRow } from './store.ts';

const tags = ['alerts'];
const base = '/api/v1/:org/alerts';
const Organization = Type.Object({ org: Type.String() });
const OneAlert = Type.Object({ org: Type.String(), id: Type.String() });
const OneProviderAlert = Type.Object({ id: Type.String() });
/** A bare POST acknowledges as well. */
const OptionalAcknowledgeBody = Nullable(AcknowledgeBody);

function pageOf(rows: readonly AlertRow[], query: { limit?: number }) {
  return toPage(
    rows,
    query.limit ?? listLimitDefault,
    (row) => [row.opened_at.toISOString(), row.id],
    toAlert,
  );
}

export function alertRoutes(app: App, ctx: Ctx): void {
  app.get(
    base,
    {
      schema: {
        operationId: 'listAlerts',
        summary: 'Alerts, newest first',
        tags,
        params: Organization,
        querystring: AlertQuery,
        response: { 200: AlertPage },
      },
    },
    async (request) =>
      pageOf(await listAlerts(ctx, await tenantScope(request), request.query), request.query),
  );

  app.get(
    `${base}/:id`,
    {
      schema: {
        operationId: 'getAlert',
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

  app.post(
    `${base}/:id/acknowledge`,
    {
      schema: {
        operationId: 'acknowledgeAlert',
        summary: 'Say that somebody is looking at it',
        tags,
        params: OneAlert,
        body: OptionalAcknowledgeBody,
        response: { 200: Alert },
      },
    },
    async (request) =>
      await acknowledgeAlert(ctx, await tenantScope(request), request.params.id, request.body?.note),
  );

  app.post(
    `${base}/:id/resolve`,
    {
      schema: {
        operationId: 'resolveAlert',
        summary: 'Say that it is over, and why',
        tags,
        params: OneAlert,
        body: ResolveBody,
        response: { 200: Alert },
      },
    },
    async (request) =>
      await resolveAlert(ctx, await tenantScope(request), request.params.id, request.body.reason),
  );

  app.get(
    '/api/v1/:org/overview',
    {
      schema: {
        operationId: 'getOverview',
        summary: 'Sites, open alerts and the last hour in one answer',
        tags,
        params: Organization,
        response: { 200: Overview },
      },
    },
    async (request) => await readOverview(ctx, await tenantScope(request)),
  );
}

export function providerAlertRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/provider/alerts',
    {
      schema: {
        operationId: 'listProviderAlerts',
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
        summary: 'Say that somebody is looking at it',
        tags,
        params: OneProviderAlert,
        body: OptionalAcknowledgeBody,
        response: { 200: Alert },
      },
    },
    async (request) => {
      const scope = await scopeOfAlert(ctx, await providerScope(request), request.params.id);
      return await acknowledgeAlert(ctx, scope, request.params.id, request.body?.note);
    },
  );

  app.post(
    '/provider/alerts/:id/resolve',
    {
      schema: {
        operationId: 'resolveProviderAlert',
        summary: 'Say that it is over, and why',
        tags,
        params: OneProviderAlert,
        body: ResolveBody,
        response: { 200: Alert },
      },
    },
    async (request) => {
      const scope = await scopeOfAlert(ctx, await providerScope(request), request.params.id);
      return await resolveAlert(ctx, scope, request.params.id, request.body.reason);
    },
  );
}
