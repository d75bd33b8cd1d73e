import { ListQuery } from '@watchkeeper/contracts';
import {
  ApiKeyCreate,
  ApiKeyCreated,
  ApiKeyPage,
  AuditPage,
  AuditQuery,
  Member,
  MemberCreate,
  MemberCreated,
  MemberPage,
  MemberUpdate,
  Organization,
  OrganizationCreate,
  OrganizationItemParams,
  OrganizationPage,
  OrganizationParams,
  OrganizationUpdate,
  PasswordLink,
} from '@watchkeeper/contracts/identity';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { etagOf, requireMatch } from '#platform/http/etag';
import { createApiKey } from './api-keys/create-api-key.ts';
import { listApiKeys } from './api-keys/list-api-keys.ts';
import { revokeApiKey } from './api-keys/revoke-api-key.ts';
import { listAudit } from './audit/list-audit.ts';
import { providerScope, tenantScope } from './authentication.ts';
import { addMember } from './members/add-member.ts';
import { changeMemberRole } from './members/change-member-role.ts';
import { listMembers } from './members/list-members.ts';
import { removeMember } from './members/remove-member.ts';
import { renewPasswordLink } from './members/renew-password-link.ts';
import { createOrganization } from './organizations/create-organization.ts';
import { getOrganization, listOrganizations } from './organizations/list-organizations.ts';
import { updateOrganization } from './organizations/update-organization.ts';

const tags = ['organizations'];
const idempotent = { config: { idempotent: true } };

export function organizationRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/orgs',
    {
      schema: {
        tags,
        operationId: 'listOrganizations',
        summary: 'Organizations the caller may see',
        querystring: ListQuery,
        response: { 200: OrganizationPage },
      },
    },
    async (request) => await listOrganizations(ctx, await providerScope(request), request.query),
  );

  app.post(
    '/api/v1/orgs',
    {
      ...idempotent,
      schema: {
        tags,
        operationId: 'createOrganization',
        summary: 'Create an organization (provider scope)',
        body: OrganizationCreate,
        response: { 201: Organization },
      },
    },
    async (request, reply) => {
      const organization = await createOrganization(ctx, await providerScope(request), request.body);
      return await reply.code(201).header('location', `/api/v1/orgs/${organization.slug}`).send(organization);
    },
  );

  app.get(
    '/api/v1/orgs/:org',
    {
      schema: {
        tags,
        operationId: 'getOrganization',
        summary: 'One organization',
        params: OrganizationParams,
        response: { 200: Organization },
      },
    },
    async (request, reply) => {
      const { organization, version } = await getOrganization(ctx, await tenantScope(request));
      return await reply.header('etag', etagOf(version)).send(organization);
    },
  );

  app.put(
    '/api/v1/orgs/:org',
    {
      schema: {
        tags,
        operationId: 'updateOrganization',
        summary: 'Rename an organization',
        params: OrganizationParams,
        body: OrganizationUpdate,
        response: { 200: Organization },
      },
    },
    async (request, reply) => {
      const scope = await tenantScope(request);
      const check = (version: number) => requireMatch(request, version);
      const { organization, version } = await updateOrganization(ctx, scope, request.body, check);
      return await reply.header('etag', etagOf(version)).send(organization);
    },
  );
}

export function memberRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/orgs/:org/members',
    {
      schema: {
        tags,
        operationId: 'listMembers',
        summary: 'Members of an organization',
        params: OrganizationParams,
        querystring: ListQuery,
        response: { 200: MemberPage },
      },
    },
    async (request) => await listMembers(ctx, await tenantScope(request), request.query),
  );

  app.post(
    '/api/v1/orgs/:org/members',
    {
      ...idempotent,
      schema: {
        tags,
        operationId: 'addMember',
        summary: 'Add a member; a new account gets the given password or a one-time link',
        params: OrganizationParams,
        body: MemberCreate,
        response: { 201: MemberCreated },
      },
    },
    async (request, reply) => {
      const member = await addMember(ctx, await tenantScope(request), request.body);
      request.identity.principals.forget(member.id);
      return await reply.code(201).send(member);
    },
  );

  app.put(
    '/api/v1/orgs/:org/members/:id',
    {
      schema: {
        tags,
        operationId: 'changeMemberRole',
        summary: 'Change a member’s role',
        params: OrganizationItemParams,
        body: MemberUpdate,
        response: { 200: Member },
      },
    },
    async (request) => {
      const change = { userId: request.params.id, role: request.body.role };
      const member = await changeMemberRole(ctx, await tenantScope(request), change);
      request.identity.principals.forget(member.id);
      return member;
    },
  );

  app.delete(
    '/api/v1/orgs/:org/members/:id',
    {
      schema: {
        tags,
        operationId: 'removeMember',
        summary: 'Remove a member; never the last owner',
        params: OrganizationItemParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await removeMember(ctx, await tenantScope(request), { userId: request.params.id });
      request.identity.principals.forget(request.params.id);
      return await reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/orgs/:org/members/:id/password-link',
    {
      ...idempotent,
      schema: {
        tags,
        operationId: 'renewPasswordLink',
        summary: 'A new one-time link for a member who lost theirs or forgot the password',
        params: OrganizationItemParams,
        response: { 201: PasswordLink },
      },
    },
    async (request, reply) =>
      await reply
        .code(201)
        .send(await renewPasswordLink(ctx, await tenantScope(request), { userId: request.params.id })),
  );
}

export function credentialRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/v1/:org/api-keys',
    {
      schema: {
        tags,
        operationId: 'listApiKeys',
        summary: 'API keys: prefix, scopes, last use',
        params: OrganizationParams,
        querystring: ListQuery,
        response: { 200: ApiKeyPage },
      },
    },
    async (request) => await listApiKeys(ctx, await tenantScope(request), request.query),
  );

  app.post(
    '/api/v1/:org/api-keys',
    {
      ...idempotent,
      schema: {
        tags,
        operationId: 'createApiKey',
        summary: 'Create an API key; the answer shows it once',
        params: OrganizationParams,
        body: ApiKeyCreate,
        response: { 201: ApiKeyCreated },
      },
    },
    async (request, reply) =>
      await reply
        .code(201)
        .header('cache-control', 'no-store')
        .send(await createApiKey(ctx, await tenantScope(request), request.body)),
  );

  app.delete(
    '/api/v1/:org/api-keys/:id',
    {
      schema: {
        tags,
        operationId: 'revokeApiKey',
        summary: 'Revoke an API key at once',
        params: OrganizationItemParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await revokeApiKey(ctx, await tenantScope(request), { id: request.params.id });
      request.identity.principals.forget(request.params.id);
      return await reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/:org/audit',
    {
      schema: {
        tags,
        operationId: 'listAudit',
        summary: 'Who changed what, newest first',
        params: OrganizationParams,
        querystring: AuditQuery,
        response: { 200: AuditPage },
      },
    },
    async (request) => await listAudit(ctx, await tenantScope(request), request.query),
  );
}
