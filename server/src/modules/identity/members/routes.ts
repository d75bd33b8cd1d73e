import { ListQuery } from '@watchkeeper/contracts';
import {
  Member,
  MemberCreate,
  MemberCreated,
  MemberPage,
  MemberUpdate,
  OrganizationItemParams,
  OrganizationParams,
  PasswordLink,
} from '@watchkeeper/contracts/identity';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { tenantScope } from '../authentication.ts';
import { addMember } from './add-member.ts';
import { changeMemberRole } from './change-member-role.ts';
import { listMembers } from './list-members.ts';
import { removeMember } from './remove-member.ts';
import { renewPasswordLink } from './renew-password-link.ts';

const tags = ['organizations'];
const collection = '/api/v1/orgs/:org/members';
const item = `${collection}/:id` as const;
const creates = { idempotent: true };

const listSchema = {
  tags,
  operationId: 'listMembers',
  access: 'read',
  summary: 'Members of an organization and who is invited, by e-mail address',
  params: OrganizationParams,
  querystring: ListQuery,
  response: { 200: MemberPage },
};
const addSchema = {
  tags,
  operationId: 'addMember',
  access: 'members:write',
  summary: 'Invite somebody; the person joins with the one-time link',
  description:
    'The invitation alone makes nobody a member. A person without an account chooses a password with the link; a person with an account signs in and accepts.',
  params: OrganizationParams,
  body: MemberCreate,
  response: { 201: MemberCreated },
};
const changeSchema = {
  tags,
  operationId: 'changeMemberRole',
  access: 'members:write',
  summary: 'Change the role of a member or an invitation; never of the last owner',
  params: OrganizationItemParams,
  body: MemberUpdate,
  response: { 200: Member },
};
const removeSchema = {
  tags,
  operationId: 'removeMember',
  access: 'members:write',
  summary: 'Remove a member, or withdraw an invitation; not of the last owner',
  params: OrganizationItemParams,
  response: { 204: Type.Null() },
};
const linkSchema = {
  tags,
  operationId: 'renewPasswordLink',
  access: 'members:write',
  summary: 'A new one-time link for a member who lost theirs or forgot the password',
  params: OrganizationItemParams,
  response: { 201: PasswordLink },
};

export function memberRoutes(app: App, ctx: Ctx): void {
  app.get(
    collection,
    { schema: listSchema },
    async (request) => await listMembers(ctx, await tenantScope(request), request.query),
  );

  app.post(collection, { schema: addSchema, config: creates }, async (request, reply) => {
    const member = await addMember(ctx, await tenantScope(request), request.body);
    request.identity.principals.forget(member.id);
    return await reply.code(201).header('cache-control', 'no-store').send(member);
  });

  app.put(item, { schema: changeSchema }, async (request) => {
    const change = { userId: request.params.id, role: request.body.role };
    const member = await changeMemberRole(ctx, await tenantScope(request), change);
    request.identity.principals.forget(member.id);
    return member;
  });

  app.delete(item, { schema: removeSchema }, async (request, reply) => {
    await removeMember(ctx, await tenantScope(request), { userId: request.params.id });
    request.identity.principals.forget(request.params.id);
    return await reply.code(204).send(null);
  });

  app.post(`${item}/password-link`, { schema: linkSchema, config: creates }, async (request, reply) => {
    const link = await renewPasswordLink(ctx, await tenantScope(request), { userId: request.params.id });
    return await reply.code(201).header('cache-control', 'no-store').send(link);
  });
}
