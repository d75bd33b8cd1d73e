import swagger from '@fastify/swagger';
import { Problem } from '@watchkeeper/contracts';
import type { FastifySchema } from 'fastify';
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
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'X-Api-Key',
            description: 'An API key of one organization, for the paths that replace Healthchecks.',
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
    transform: ({ schema, url }) => ({ schema: withAccess(schema ?? {}), url }),
    transformObject: (document) =>
      'openapiObject' in document ? withProblems(document.openapiObject) : document.swaggerObject,
  });
  app.get('/openapi.json', { schema: { hide: true, access: 'public' } }, async () => app.swagger());
}

/** Copies the access that a route declares to the place where readers of the document look for it. */
function withAccess(schema: FastifySchema): FastifySchema {
  const { access, ...rest } = schema;
  if (access === undefined || schema.hide === true) return rest;
  if (access === 'public') return { security: [], ...rest };
  const permission = access.replace(/^(device|body)\|/, '');
  return permission === 'signed_in' ? rest : { ...rest, 'x-permission': permission };
}

const problem = {
  description: 'A problem (RFC 9457). `code` is stable.',
  content: { [problemContentType.split(';')[0] ?? '']: { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The parts of an OpenAPI document that are changed here. */
interface Described {
  paths?: Record<string, object | undefined>;
  components?: { schemas?: object };
}

/** Every operation may answer with a problem; defined once, referred to by each. */
function withProblems<Document extends Described>(document: Document): Document {
  const problems = {
    '4XX': { $ref: '#/components/responses/Problem' },
    '5XX': { $ref: '#/components/responses/Problem' },
  };
  const paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item ?? {}).map(([method, operation]) => [method, withResponses(operation, problems)]),
      ),
    ]),
  );
  const components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem },
    responses: { Problem: problem },
  };
  return { ...document, paths, components };
}

function withResponses(operation: unknown, more: object): unknown {
  if (typeof operation !== 'object' || operation === null || !('responses' in operation)) return operation;
  return {
    ...operation,
    responses: { ...(typeof operation.responses === 'object' ? operation.responses : {}), ...more },
  };
}
