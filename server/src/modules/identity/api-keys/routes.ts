import { ListQuery } from '@watchkeeper/contracts';
import {
  ApiKeyCreate,
  ApiKeyCreated,
  ApiKeyPage,
  OrganizationItemParams,
  OrganizationParams,
} from '@watchkeeper/contracts/identity';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { tenantScope } from '../authentication.ts';
import { createApiKey } from './create-api-key.ts';
import { listApiKeys } from './list-api-keys.ts';
import { revokeApiKey } from './revoke-api-key.ts';

const tags = ['organizations'];

const listSchema = {
  tags,
  operationId: 'listApiKeys',
  access: 'keys:write',
  summary: 'API keys, newest first: prefix, scopes, last use',
  params: OrganizationParams,
  querystring: ListQuery,
  response: { 200: ApiKeyPage },
};
const createSchema = {
  tags,
  operationId: 'createApiKey',
  access: 'keys:write',
  summary: 'Create an API key; only this answer shows it',
  description:
    'A key cannot create a key with more rights or a longer life than its own. Without `expires_at`, the new key ends when the old one does.',
  params: OrganizationParams,
  body: ApiKeyCreate,
  response: { 201: ApiKeyCreated },
};
const revokeSchema = {
  tags,
  operationId: 'revokeApiKey',
  access: 'keys:write',
  summary: 'Revoke an API key at once, and every key that was created with it',
  params: OrganizationItemParams,
  response: { 204: Type.Null() },
};

export function apiKeyRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/api-keys',
    { schema: listSchema },
    async (request) => await listApiKeys(ctx, await tenantScope(request), request.query),
  );

  app.post(
    '/api/v1/:org/api-keys',
    { schema: createSchema, config: { idempotent: true } },
    async (request, reply) => {
      const created = await createApiKey(ctx, await tenantScope(request), request.body);
      return await reply.code(201).header('cache-control', 'no-store').send(created);
    },
  );

  app.delete('/api/v1/:org/api-keys/:id', { schema: revokeSchema }, async (request, reply) => {
    const ended = await revokeApiKey(ctx, await tenantScope(request), { id: request.params.id });
    for (const id of ended) request.identity.principals.forget(id);
    return await reply.code(204).send(null);
  });
}
