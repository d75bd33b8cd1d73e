import { type FastifyInstance, fastify } from 'fastify';
import type { App } from '#platform/http/app';

/**
 * The readable API reference at /docs, rendered from /openapi.json. Its script comes with the package and needs some 25
 * MB of memory, so it is loaded for the first reader, into an instance of its own.
 */
export function referenceRoutes(app: App): void {
  let reference: Promise<FastifyInstance> | undefined;

  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { schema: { hide: true, access: 'public' } }, async (request, reply) => {
      reference ??= loadReference(app.publicPath);
      const answer = await (await reference).inject({ method: 'GET', url: request.url });
      const { location, 'content-type': type, 'cache-control': cache } = answer.headers;
      for (const [name, value] of Object.entries({
        location,
        'content-type': type,
        'cache-control': cache,
      })) {
        if (value !== undefined) reply.header(name, value);
      }
      return reply.code(answer.statusCode).send(answer.rawPayload);
    });
  }
}

async function loadReference(publicPath: string): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const inner = fastify();
  await inner.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: `${publicPath}/openapi.json`,
      hideClientButton: true,
      telemetry: false,
      withDefaultFonts: false,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  await inner.ready();
  return inner;
}
