import {
  ChangePasswordRequest,
  Me,
  SessionList,
  SessionParams,
  SetPasswordRequest,
  SetupRequest,
  SetupState,
  SignedIn,
  SignInRequest,
  TokenAnswer,
  TokenRequest,
} from '@watchkeeper/contracts/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { requireAuthenticated } from '../authentication.ts';
import { refuseForeign } from '../csrf.ts';
import type { Identity } from '../identity.ts';
import { changePassword, signIn, signOut } from '../sessions.ts';
import { choosePassword } from './choose-password.ts';
import { completeSetup, isSetupNeeded } from './complete-setup.ts';
import { describeMe } from './describe-me.ts';
import { issueToken } from './issue-token.ts';
import { listSessions, revokeOtherSessions, revokeSession } from './sessions-of.ts';

const tags = ['identity'];
/** What these take in the body is the credential. */
const open = { tags };

const setupStateSchema = {
  ...open,
  operationId: 'getSetup',
  access: 'public',
  summary: 'Whether the first owner is still to be made',
  response: { 200: SetupState },
};
const setupSchema = {
  ...open,
  operationId: 'completeSetup',
  access: 'public',
  summary: 'Make the first owner with the link from the log, and sign in',
  body: SetupRequest,
  response: { 201: SignedIn },
};
const setPasswordSchema = {
  ...open,
  operationId: 'setPassword',
  access: 'public',
  summary: 'Choose a password with a one-time link, and sign in',
  body: SetPasswordRequest,
  response: { 200: SignedIn },
};
const tokenSchema = {
  ...open,
  operationId: 'createToken',
  access: 'public',
  summary: 'A bearer token for an e-mail address and password',
  body: TokenRequest,
  response: { 200: TokenAnswer },
};
const signInSchema = {
  ...open,
  operationId: 'signIn',
  access: 'public',
  summary: 'Sign in to the console with a cookie',
  body: SignInRequest,
  response: { 200: SignedIn },
};
const signOutSchema = {
  ...open,
  operationId: 'signOut',
  access: 'public',
  summary: 'End the session of the cookie',
  response: { 204: Type.Null() },
};
const changePasswordSchema = {
  tags,
  operationId: 'changePassword',
  access: 'signed_in',
  summary: 'Change the own password; all other sessions end',
  body: ChangePasswordRequest,
  response: { 204: Type.Null() },
};
const sessionsSchema = {
  tags,
  operationId: 'listSessions',
  access: 'signed_in',
  summary: 'Where the caller is signed in',
  response: { 200: SessionList },
};
const revokeSchema = {
  tags,
  operationId: 'revokeSession',
  access: 'signed_in',
  summary: 'End one of the own sessions',
  params: SessionParams,
  response: { 204: Type.Null() },
};
const revokeOthersSchema = {
  tags,
  operationId: 'revokeOtherSessions',
  access: 'signed_in',
  summary: 'End all own sessions but the one of this request',
  response: { 204: Type.Null() },
};
const meSchema = {
  tags,
  operationId: 'getMe',
  access: 'signed_in',
  summary: 'Who the caller is, and where it may do what',
  response: { 200: Me },
};

type Call = Pick<FastifyRequest, 'headers' | 'peer' | 'identity'>;

/** Coming in and going out. */
export function accountRoutes(app: App, ctx: Ctx): void {
  oneTimeRoutes(app, ctx);
  signInRoutes(app, ctx);
  ownAccountRoutes(app, ctx);
}

/** By a link that somebody was handed. */
function oneTimeRoutes(app: App, ctx: Ctx): void {
  app.get('/api/setup', { schema: setupStateSchema }, async () => ({ needed: await isSetupNeeded(ctx) }));

  app.post('/api/setup', { schema: setupSchema, onRequest: ownPagesOnly }, async (request, reply) => {
    const { email, password } = request.body;
    await limited(request, () => completeSetup(ctx, request.body));
    return await enter(request, reply.code(201), { email, password, rememberMe: true });
  });

  app.post(
    '/api/auth/set-password',
    { schema: setPasswordSchema, onRequest: ownPagesOnly },
    async (request, reply) => {
      const { email } = await limited(request, () => choosePassword(ctx, request.body));
      return await enter(request, reply, { email, password: request.body.password, rememberMe: true });
    },
  );
}

/** By e-mail address and password. */
function signInRoutes(app: App, ctx: Ctx): void {
  app.post(
    '/api/auth/sign-in/email',
    { schema: signInSchema, onRequest: ownPagesOnly },
    async (request, reply) => {
      const { email, password, remember_me: rememberMe = true } = request.body;
      await request.identity.signInLimit.take(email, request.peer);
      const signedIn = await enter(request, reply, { email, password, rememberMe });
      await request.identity.signInLimit.succeeded(email, request.peer);
      return signedIn;
    },
  );

  app.post('/api/auth/token', { schema: tokenSchema, onRequest: ownPagesOnly }, async (request, reply) => {
    const { email, password } = request.body;
    neverStore(reply);
    return await issueToken(ctx, request.identity, { email, password, ip: request.peer });
  });

  app.post(
    '/api/auth/sign-out',
    { schema: signOutSchema, onRequest: ownPagesOnly },
    async (request, reply) => {
      const cookies = await signOut(request.identity.auth, request);
      return await neverStore(reply).header('set-cookie', cookies).code(204).send(null);
    },
  );
}

function ownAccountRoutes(app: App, ctx: Ctx): void {
  app.get('/api/me', { schema: meSchema }, async (request, reply) => {
    const { principal } = await requireAuthenticated(request);
    neverStore(reply);
    return await describeMe(ctx, principal);
  });

  app.post('/api/auth/change-password', { schema: changePasswordSchema }, async (request, reply) => {
    const { principal } = await requireAuthenticated(request);
    await request.identity.signInLimit.take(principal.caller.id, request.peer);
    const cookies = await changePassword(request.identity.auth, request, request.body);
    await request.identity.signInLimit.succeeded(principal.caller.id, request.peer);
    return await neverStore(reply).header('set-cookie', cookies).code(204).send(null);
  });

  app.get(
    '/api/auth/sessions',
    { schema: sessionsSchema },
    async (request) => await listSessions(ctx, await requireAuthenticated(request)),
  );

  app.delete('/api/auth/sessions', { schema: revokeOthersSchema }, async (request, reply) => {
    await revokeOtherSessions(ctx, await requireAuthenticated(request));
    return await reply.code(204).send(null);
  });

  app.delete('/api/auth/sessions/:id', { schema: revokeSchema }, async (request, reply) => {
    await revokeSession(ctx, await requireAuthenticated(request), request.params.id);
    return await reply.code(204).send(null);
  });
}

async function ownPagesOnly(request: {
  headers: FastifyRequest['headers'];
  identity: Identity;
}): Promise<void> {
  refuseForeign(request.headers, request.identity.publicOrigin);
}

/** A one-time token is guessed at from a place, not for an account; so the place is what is counted. */
async function limited<T>(request: Call, use: () => Promise<T>): Promise<T> {
  const { signInLimit } = request.identity;
  const account = `one-time link from ${request.peer}`;
  await signInLimit.take(account, request.peer);
  const result = await use();
  await signInLimit.succeeded(account, request.peer);
  return result;
}

async function enter(
  request: Call,
  reply: FastifyReply,
  input: { email: string; password: string; rememberMe: boolean },
): Promise<SignedIn> {
  const { user, cookies } = await signIn(request.identity.auth, request, input);
  neverStore(reply).header('set-cookie', cookies);
  return { user };
}

/** The answer carries a credential, or says who somebody is: nothing on the way may keep it. */
function neverStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
