import { MonitoringChange, MonitoringConfig, OperationsQuery } from '@watchkeeper/contracts/operations';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { changeMonitoringConfig, readMonitoringConfig } from './config.ts';
import { operationsScope } from './scope.ts';
import { operationsBase, operationsTags as tags } from './system-routes.ts';

const path = `${operationsBase}/config`;

export function configRoutes(app: App, ctx: Ctx): void {
  app.get(
    path,
    {
      schema: {
        operationId: 'getMonitoringConfig',
        access: 'read',
        summary: 'The monitoring configuration, and where each value comes from',
        tags,
        querystring: OperationsQuery,
        response: { 200: MonitoringConfig },
      },
    },
    async (request, reply) => {
      const caller = await operationsScope(ctx, request, request.query.org);
      const { config, version } = await readMonitoringConfig(ctx, caller);
      return reply.header('etag', etagOf(version)).send(config);
    },
  );
  app.put(
    path,
    {
      schema: {
        operationId: 'changeMonitoringConfig',
        access: 'organization:write',
        summary: 'Change settings; every process uses them without a restart',
        description:
          'Settings that are not sent stay as they are; null sets one back to the value of the environment. Durations are seconds or text such as 30s.',
        tags,
        querystring: OperationsQuery,
        body: MonitoringChange,
        response: { 200: MonitoringConfig },
      },
    },
    async (request, reply) => {
      const caller = await operationsScope(ctx, request, request.query.org);
      const match = (version: number) => requireMatch(request, version);
      const { config, version } = await changeMonitoringConfig(ctx, caller, request.body, match);
      return reply.header('etag', etagOf(version)).send(config);
    },
  );
}
