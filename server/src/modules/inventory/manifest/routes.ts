import { Reference } from '@watchkeeper/contracts/inventory';
import { ApplyAnswer, manifestBytesMax } from '@watchkeeper/contracts/manifest';
import Type from 'typebox';
import { tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { applyManifest } from './apply-manifest.ts';
import { exportManifest } from './export-manifest.ts';
import { manifestRegistry, spellManifest } from './registry.ts';

export function manifestRoutes(app: App, ctx: Ctx): void {
  app.post(
    '/api/v1/:org/apply',
    {
      schema: {
        operationId: 'applyManifest',
        access: 'inventory:write',
        summary: 'Change the organization to match a manifest',
        description:
          'All changes are made, or none. To apply it a second time changes nothing. Nothing is deleted unless `prune` is true, and then only within the sections that the manifest has. `dry_run` answers with the plan alone.',
        tags: ['inventory'],
        params: Type.Object({ org: Reference }),
        body: Type.Object(
          {
            manifest: manifestRegistry(ctx).schema,
            dry_run: Type.Optional(Type.Boolean({ default: false })),
            prune: Type.Optional(Type.Boolean({ default: false })),
          },
          { additionalProperties: false },
        ),
        response: { 200: ApplyAnswer },
      },
      bodyLimit: manifestBytesMax,
      preValidation: async (request) => spellManifest(ctx, request.body),
      config: { unaudited: 'the verbs that its sections call record each step', idempotent: true },
    },
    async (request) => {
      const scope = await tenantScope(request);
      const { manifest, dry_run: dryRun = false, prune = false } = request.body;
      return await applyManifest(ctx, scope, manifest, { dryRun, prune });
    },
  );

  app.get(
    '/api/v1/:org/manifest.yaml',
    {
      schema: {
        operationId: 'exportManifest',
        access: 'read',
        summary: 'The organization as a manifest that changes nothing when it is applied',
        description:
          'Each secret is replaced by `***`, which keeps the stored one. Comments name what a manifest cannot express.',
        tags: ['inventory'],
        params: Type.Object({ org: Reference }),
        response: { 200: { content: { 'application/yaml': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const text = await exportManifest(ctx, scope);
      return await reply
        .header('content-type', 'application/yaml; charset=utf-8')
        .header('content-disposition', 'attachment; filename="watchkeeper.yaml"')
        .header('cache-control', 'no-store')
        .send(text);
    },
  );
}
