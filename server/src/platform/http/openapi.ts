import swagger from '@fastify/swagger';
import type { App } from './app.ts';
import { problemContentType } from './problem.ts';

/** Collects every route's schemas; must be registered before the routes. */
export async function registerOpenApi(
  app: App,
  options: { publicUrl: string; version: string },
): Promise<void> {
  await app.register(swagger.default ?? swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Watchkeeper',
        version: options.version,
        description: 'Stands the watch over places and the systems that run them.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: options.publicUrl }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key (wk_...), a JWT of POST /api/auth/token, or a device token (wkd_...).',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'watchkeeper.session_token',
            description: 'The console signs in with a cookie.',
          },
        },
      },
      security: [{ bearer: [] }, { session: [] }],
    },
    hideUntagged: true,
    transform: ({ schema, url }) => ({ schema: withProblems(schema ?? {}), url }),
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

const problem = {
  description: 'A problem (RFC 9457). `code` is stable.',
  content: {
    [problemContentType.split(';')[0] ?? '']: {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          instance: { type: 'string' },
          code: { type: 'string' },
          request_id: { type: 'string' },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              required: ['field', 'message'],
              properties: { field: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  },
};

/** Every route may answer with a problem; said once here rather than in each route. */
function withProblems<S extends { response?: unknown }>(schema: S): S {
  const response = typeof schema.response === 'object' && schema.response !== null ? schema.response : {};
  return { ...schema, response: { ...response, '4XX': problem, '5XX': problem } };
}
