import scalar from '@scalar/fastify-api-reference';
import type { App } from '#platform/http/app';

/** The readable API reference at /docs, rendered from /openapi.json; its script comes with the package. */
export async function referenceRoutes(app: App): Promise<void> {
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      hideClientButton: true,
      telemetry: false,
      withDefaultFonts: false,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}
