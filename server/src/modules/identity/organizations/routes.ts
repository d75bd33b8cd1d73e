import { ListQuery } from '@watchkeeper/contracts';
import {
  Organization,
  OrganizationCreate,
  OrganizationPage,
  OrganizationParams,
  OrganizationUpdate,
} from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { providerScope, tenantScope } from '../authentication.ts';
import { createOrganization } from './create-organization.ts';
import { getOrganization, listOrganizations } from './list-organizations.ts';
import { updateOrganization } from './update-organization.ts';

const tags = ['organizations'];

const listSchema = {
  tags,
  operationId: 'listOrganizations',
  access: 'read',
  summary: 'Organizations the caller may see, by slug',
  querystring: ListQuery,
  response: { 200: OrganizationPage },
};
const createSchema = {
  tags,
  operationId: 'createOrganization',
  access: 'organization:write',
  summary: 'Create an organization (provider scope)',
  body: OrganizationCreate,
  response: { 201: Organization },
};
const getSchema = {
  tags,
  operationId: 'getOrganization',
  access: 'read',
  summary: 'One organization',
  params: OrganizationParams,
  response: { 200: Organization },
};
const updateSchema = {
  tags,
  operationId: 'updateOrganization',
  access: 'organization:write',
  summary: 'Rename an organization; its slug stays',
  params: OrganizationParams,
  body: OrganizationUpdate,
  response: { 200: Organization },
};

export function organizationRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/orgs',
    { schema: listSchema },
    async (request) => await listOrganizations(ctx, await providerScope(request), request.query),
  );

  app.post('/api/v1/orgs', { schema: createSchema, config: { idempotent: true } }, async (request, reply) => {
    const organization = await createOrganization(ctx, await providerScope(request), request.body);
    return await reply.code(201).header('location', `/api/v1/orgs/${organization.slug}`).send(organization);
  });

  app.get('/api/v1/orgs/:org', { schema: getSchema }, async (request, reply) => {
    const { organization, version } = await getOrganization(ctx, await tenantScope(request));
    return await reply.header('etag', etagOf(version)).send(organization);
  });

  app.put('/api/v1/orgs/:org', { schema: updateSchema }, async (request, reply) => {
    const scope = await tenantScope(request);
    const check = (version: number) => requireMatch(request, version);
    const { organization, version } = await updateOrganization(ctx, scope, request.body, check);
    return await reply.header('etag', etagOf(version)).send(organization);
  });
}
