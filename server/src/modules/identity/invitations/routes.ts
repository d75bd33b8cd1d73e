import {
  AcceptedInvitation,
  LinkFacts,
  LinkRequest,
  MyInvitationList,
  SessionParams,
} from '@watchkeeper/contracts/identity';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { limitedLink, neverStore, ownPagesOnly } from '../accounts/enter.ts';
import { type Authenticated, marksOf, requireAuthenticated } from '../authentication.ts';
import { acceptInvitation, declineInvitation, type Person } from './answer-invitation.ts';
import { describeLink, listMyInvitations } from './read-invitations.ts';

const tags = ['identity'];

const lookSchema = {
  tags,
  operationId: 'describeLink',
  access: 'public',
  summary: 'Show the purpose of a one-time link, without using it up',
  body: LinkRequest,
  response: { 200: LinkFacts },
};
const listSchema = {
  tags,
  operationId: 'listMyInvitations',
  access: 'signed_in',
  summary: 'Open invitations of the caller',
  response: { 200: MyInvitationList },
};
const acceptSchema = {
  tags,
  operationId: 'acceptInvitation',
  access: 'signed_in',
  summary: 'Join an organization, with the link of the invitation',
  description:
    'Needs both the account of the invited address and the link that the organization gave to the person.',
  body: LinkRequest,
  response: { 200: AcceptedInvitation },
};
const declineSchema = {
  tags,
  operationId: 'declineInvitation',
  access: 'signed_in',
  summary: 'Decline an invitation',
  params: SessionParams,
  response: { 204: Type.Null() },
};

/** The person answers; the organization invites, under its members. */
export function invitationRoutes(app: App, ctx: Ctx): void {
  app.post(
    '/api/auth/link',
    { schema: lookSchema, onRequest: ownPagesOnly, config: { unaudited: 'it changes nothing' } },
    async (request, reply) => {
      neverStore(reply);
      return await limitedLink(request, () => describeLink(ctx, request.body));
    },
  );

  app.get('/api/me/invitations', { schema: listSchema }, async (request, reply) => {
    neverStore(reply);
    return await listMyInvitations(ctx, personOf(await requireAuthenticated(request)));
  });

  app.post('/api/me/invitations/accept', { schema: acceptSchema }, async (request) => {
    const person = personOf(await requireAuthenticated(request));
    const organization = await limitedLink(request, () =>
      acceptInvitation(ctx, person, marksOf(request), request.body.token),
    );
    request.identity.principals.forget(person.id);
    return { organization };
  });

  app.delete('/api/me/invitations/:id', { schema: declineSchema }, async (request, reply) => {
    const person = personOf(await requireAuthenticated(request));
    await declineInvitation(ctx, person, marksOf(request), request.params.id);
    return await reply.code(204).send(null);
  });
}

function personOf({ principal }: Authenticated): Person {
  if (principal.user !== null) return principal.user;
  throw new AppError('forbidden', 'Invitations are for people; an API key has none.');
}
