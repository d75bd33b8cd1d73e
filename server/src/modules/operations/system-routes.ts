import {
  Dashboard,
  Infrastructure,
  MetricsQuery,
  OperationsQuery,
  Performance,
  SystemHealth,
  SystemHealthQuery,
  SystemStatus,
} from '@watchkeeper/contracts/operations';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import type { House } from '#platform/module';
import { readDashboard } from './dashboard.ts';
import { readHealth, readStatus } from './health.ts';
import { readInfrastructure, readPerformance } from './metrics.ts';
import { createPrometheus } from './prometheus.ts';
import { operationsScope } from './scope.ts';

export const operationsBase = '/api/operations';
export const operationsTags = ['operations'];
const base = operationsBase;
const tags = operationsTags;
const OneService = Type.Object({
  service: Type.String({
    minLength: 1,
    maxLength: 200,
    description:
      'A service of Watchkeeper by name or title, or a check by slug, id or name. Upper and lower case are the same.',
  }),
});

export function systemRoutes(app: App, ctx: Ctx, house: House): void {
  const readPrometheus = createPrometheus(ctx, house);
  app.get(
    `${base}/system/status`,
    {
      schema: {
        operationId: 'getSystemStatus',
        access: 'read',
        summary: "Watchkeeper's own services, overall and each, and the organization's alerts",
        tags,
        querystring: OperationsQuery,
        response: { 200: SystemStatus },
      },
    },
    async (request) => await readStatus(ctx, await operationsScope(ctx, request, request.query.org)),
  );
  app.get(
    `${base}/system/health/:service`,
    {
      schema: {
        operationId: 'getServiceHealth',
        access: 'read',
        summary: 'One service: its state now, its history, and its uptime',
        tags,
        params: OneService,
        querystring: SystemHealthQuery,
        response: { 200: SystemHealth },
      },
    },
    async (request) => {
      const { org, hours } = request.query;
      return await readHealth(ctx, await operationsScope(ctx, request, org), request.params.service, hours);
    },
  );
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        access: 'read',
        summary: 'The figures of this process and the state of the installation, in the form of Prometheus',
        description:
          'For a credential that may read the installation’s first organization. Each process has its own page.',
        tags,
        querystring: OperationsQuery,
        response: { 200: Type.String() },
      },
    },
    async (request, reply) => {
      const { contentType, text } = await readPrometheus(
        await operationsScope(ctx, request, request.query.org),
      );
      return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
    },
  );
  metricRoutes(app, ctx);
}

function metricRoutes(app: App, ctx: Ctx): void {
  app.get(
    `${base}/infrastructure/metrics`,
    {
      schema: {
        operationId: 'getInfrastructureMetrics',
        access: 'read',
        summary: 'CPU, memory, disk and network of hosts and agents; database, queues, lateness of checks',
        tags,
        querystring: MetricsQuery,
        response: { 200: Infrastructure },
      },
    },
    async (request) => {
      const { org, hours } = request.query;
      return await readInfrastructure(ctx, await operationsScope(ctx, request, org), hours);
    },
  );
  app.get(
    `${base}/performance/metrics`,
    {
      schema: {
        operationId: 'getPerformanceMetrics',
        access: 'read',
        summary: 'Response times, error rates and throughput, in total and by route',
        tags,
        querystring: MetricsQuery,
        response: { 200: Performance },
      },
    },
    async (request) => {
      const { org, hours } = request.query;
      return await readPerformance(ctx, await operationsScope(ctx, request, org), hours);
    },
  );
  app.get(
    `${base}/dashboard`,
    {
      schema: {
        operationId: 'getOperationsDashboard',
        access: 'read',
        summary: 'Everything the dashboard shows, in one call',
        tags,
        querystring: MetricsQuery,
        response: { 200: Dashboard },
      },
    },
    async (request) => {
      const { org, hours } = request.query;
      return await readDashboard(ctx, await operationsScope(ctx, request, org), hours);
    },
  );
}
