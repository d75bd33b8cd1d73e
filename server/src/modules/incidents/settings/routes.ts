import { IncidentSettings, IncidentSettingsBody } from '@watchkeeper/contracts';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { readSettings, writeSettings } from './settings.ts';

const tags = ['incidents'];
const params = Type.Object({ org: Type.String() });

export function settingsRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/incidents/settings',
    {
      schema: {
        operationId: 'getIncidentSettings',
        access: 'read',
        summary: 'How alerts join incidents in this organization',
        tags,
        params,
        response: { 200: IncidentSettings },
      },
    },
    async (request) => await readSettings(ctx, await tenantScope(request)),
  );

  app.put(
    '/api/v1/:org/incidents/settings',
    {
      schema: {
        operationId: 'putIncidentSettings',
        access: 'rules:write',
        summary: 'Change how alerts join incidents in this organization',
        tags,
        params,
        body: IncidentSettingsBody,
        response: { 200: IncidentSettings },
      },
    },
    async (request) => await writeSettings(ctx, await tenantScope(request), request.body),
  );
}
