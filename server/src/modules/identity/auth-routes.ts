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
import { choosePassword } from './accounts/choose-password.ts';
import { completeSetup, isSetupNeeded } from './accounts/complete-setup.ts';
import { describeMe } from './accounts/describe-me.ts';
import { issueToken } from './accounts/issue-token.ts';
import { listSessions, revokeSession } from './accounts/sessions-of.ts';
import { requireAuthenticated } from './authentication.ts';
import { refuseForeign } from './csrf.ts';
import type { Identity } from './identity.ts';
import { changePassword, signIn, signOut } from './sessions.ts';

const tags = ['identity'];
/** Not callers' credentials are asked for, but a password or a one-time token in the body. */
const open = { tags, security: [] };
/** What a try with a one-time token is counted under: they are guessed at from a place, not for an account. */
const oneTimeTries = 'one-time link';

type Call = Pick<FastifyRequest, 'headers' | 'ip' | 'identity'>;

/** Coming in and going out. Every answer here may carry a credential, so none is ever stored on the way. */
export function authRoutes(app: App, ctx: Ctx): void {
  setupRoutes(app, ctx);
  passwordRoutes(app, ctx);
  sessionRoutes(app, ctx);
}

function setupRoutes(app: App, ctx: Ctx): void {
  app.get(
    '/api/setup',
    {
      schema: {
        ...open,
        operationId: 'getSetup',
        summary: 'Whether the first owner is still to be made',
        response: { 200: SetupState },
      },
    },
    async () => ({ needed: await isSetupNeeded(ctx) }),
  );

  app.post(
    '/api/setup',
    {
      preHandler: ownPagesOnly,
      schema: {
        ...open,
        operationId: 'completeSetup',
        summary: 'Make the first owner with the link from the log, and sign in',
        body: SetupRequest,
        response: { 201: SignedIn },
      },
    },
    async (request, reply) => {
      await request.identity.signInLimit.take(oneTimeTries, request.ip);
      await completeSetup(ctx, request.body);
      return await enter(request, reply.code(201), { ...request.body, rememberMe: true });
    },
  );
}

function passwordRoutes(app: App, ctx: Ctx): void {
  app.post(
    '/api/auth/set-password',
    {
      preHandler: ownPagesOnly,
      schema: {
        ...open,
        operationId: 'setPassword',
        summary: 'Choose a password with a one-time link, and sign in',
        body: SetPasswordRequest,
        response: { 200: SignedIn },
      },
    },
    async (request, reply) => {
      await request.identity.signInLimit.take(oneTimeTries, request.ip);
      const user = await choosePassword(ctx, request.body);
      return await enter(request, reply, {
        email: user.email,
        password: request.body.password,
        rememberMe: true,
      });
    },
  );

  app.post(
    '/api/auth/token',
    {
      preHandler: ownPagesOnly,
      schema: {
        ...open,
        operationId: 'createToken',
        summary: 'A bearer token for an e-mail address and password',
        body: TokenRequest,
        response: { 200: TokenAnswer },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body;
      neverStore(reply);
      return await issueToken(ctx, request.identity, { email, password, ip: request.ip });
    },
  );

  app.post(
    '/api/auth/change-password',
    {
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Change the own password; all other sessions end',
        body: ChangePasswordRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { principal } = await requireAuthenticated(request);
      await request.identity.signInLimit.take(principal.caller.id, request.ip);
      const cookies = await changePassword(request.identity.auth, request, request.body);
      await request.identity.signInLimit.succeeded(principal.caller.id, request.ip);
      return await neverStore(reply).header('set-cookie', cookies).code(204).send(null);
    },
  );
}

function sessionRoutes(app: App, ctx: Ctx): void {
  app.post(
    '/api/auth/sign-in/email',
    {
      preHandler: ownPagesOnly,
      schema: {
        ...open,
        operationId: 'signIn',
        summary: 'Sign in to the console',
        body: SignInRequest,
        response: { 200: SignedIn },
      },
    },
    async (request, reply) => {
      const { email, password, remember_me: rememberMe = true } = request.body;
      await request.identity.signInLimit.take(email, request.ip);
      const signedIn = await enter(request, reply, { email, password, rememberMe });
      await request.identity.signInLimit.succeeded(email, request.ip);
      return signedIn;
    },
  );

  app.post(
    '/api/auth/sign-out',
    {
      preHandler: ownPagesOnly,
      schema: {
        ...open,
        operationId: 'signOut',
        summary: 'End this session',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const cookies = await signOut(request.identity.auth, request);
      return await neverStore(reply).header('set-cookie', cookies).code(204).send(null);
    },
  );

  app.get(
    '/api/auth/sessions',
    {
      schema: {
        tags,
        operationId: 'listSessions',
        summary: 'Where the caller is signed in',
        response: { 200: SessionList },
      },
    },
    async (request) => await listSessions(ctx, await requireAuthenticated(request)),
  );

  app.delete(
    '/api/auth/sessions/:id',
    {
      schema: {
        tags,
        operationId: 'revokeSession',
        summary: 'End one of the own sessions',
        params: SessionParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await revokeSession(ctx, await requireAuthenticated(request), request.params.id);
      return await reply.code(204).send(null);
    },
  );

  app.get(
    '/api/me',
    {
      schema: {
        tags,
        operationId: 'getMe',
        summary: 'Who the caller is, and where it may do what',
        response: { 200: Me },
      },
    },
    async (request, reply) => {
      const { principal } = await requireAuthenticated(request);
      neverStore(reply);
      return await describeMe(ctx, principal);
    },
  );
}

async function ownPagesOnly(request: {
  headers: FastifyRequest['headers'];
  identity: Identity;
}): Promise<void> {
  refuseForeign(request.headers, request.identity.publicOrigin);
}

async function enter(
  request: Call,
  reply: FastifyReply,
  input: { email: string; password: string; rememberMe: boolean },
): Promise<SignedIn> {
  const { email, password, rememberMe } = input;
  const { user, cookies } = await signIn(request.identity.auth, request, { email, password, rememberMe });
  neverStore(reply).header('set-cookie', cookies);
  return { user };
}

function neverStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
