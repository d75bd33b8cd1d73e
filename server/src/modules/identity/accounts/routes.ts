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
import Type from 'typebox';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { App } from '#platform/http/app';
import { marksOf, requireAuthenticated } from '../authentication.ts';
import { changePassword, readSession, signOut } from '../sessions.ts';
import { recordAuth } from './auth-events.ts';
import { choosePassword } from './choose-password.ts';
import { completeSetup, isSetupNeeded } from './complete-setup.ts';
import { describeMe } from './describe-me.ts';
import { endBearerTokens } from './end-bearer-tokens.ts';
import { enter, limitedLink, neverStore, ownPagesOnly } from './enter.ts';
import { issueToken } from './issue-token.ts';
import { requireGoodPassword } from './password-rules.ts';
import { listSessions, revokeOtherSessions, revokeSession } from './sessions-of.ts';
import { watched } from './watched.ts';

const tags = ['identity'];
/** The body of these routes holds the credential. */
const open = { tags };

const setupStateSchema = {
  ...open,
  operationId: 'getSetup',
  access: 'public',
  summary: 'Whether the first owner is still missing',
  response: { 200: SetupState },
};
const setupSchema = {
  ...open,
  operationId: 'completeSetup',
  access: 'public',
  summary: 'Create the first owner with the link from the log, and sign in',
  body: SetupRequest,
  response: { 201: SignedIn },
};
const setPasswordSchema = {
  ...open,
  operationId: 'setPassword',
  access: 'public',
  summary: 'Choose a password with a one-time link, join if it invites, and sign in',
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
  summary: 'Change your own password; all your other sessions and bearer tokens end',
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
  summary: 'End one of your sessions',
  params: SessionParams,
  response: { 204: Type.Null() },
};
const ownSessions = { unaudited: 'a person signs out of their own browsers, in no organization' };
const revokeOthersSchema = {
  tags,
  operationId: 'revokeOtherSessions',
  access: 'signed_in',
  summary: 'End all your sessions except the one of this request',
  response: { 204: Type.Null() },
};
const meSchema = {
  tags,
  operationId: 'getMe',
  access: 'signed_in',
  summary: 'Who the caller is, and its rights in each organization',
  response: { 200: Me },
};

/** Signing in and out. */
export function accountRoutes(app: App, ctx: Ctx): void {
  oneTimeRoutes(app, ctx);
  signInRoutes(app, ctx);
  ownAccountRoutes(app, ctx);
}

/** With a one-time link. */
function oneTimeRoutes(app: App, ctx: Ctx): void {
  app.get('/api/setup', { schema: setupStateSchema }, async () => ({ needed: await isSetupNeeded(ctx) }));

  app.post('/api/setup', { schema: setupSchema, onRequest: ownPagesOnly }, async (request, reply) => {
    const { email, password } = request.body;
    await limitedLink(request, () => completeSetup(ctx, request.body));
    return await enter(request, reply.code(201), { email, password, rememberMe: true });
  });

  app.post(
    '/api/auth/set-password',
    { schema: setPasswordSchema, onRequest: ownPagesOnly },
    async (request, reply) => {
      const marks = marksOf(request);
      const account = await limitedLink(request, () => choosePassword(ctx, request.body, marks));
      request.identity.principals.forget(account.id);
      await recordAuth(ctx, { action: 'password.chosen', account, proven: true, marks });
      const { password } = request.body;
      return await enter(request, reply, { email: account.email, password, rememberMe: true });
    },
  );
}

/** With e-mail address and password. */
function signInRoutes(app: App, ctx: Ctx): void {
  app.post(
    '/api/auth/sign-in/email',
    { schema: signInSchema, onRequest: ownPagesOnly },
    async (request, reply) => {
      const { email, password, remember_me: rememberMe = true } = request.body;
      return await watched(ctx, request, ['session.started', 'session.refused'], email, () =>
        enter(request, reply, { email, password, rememberMe }),
      );
    },
  );

  app.post('/api/auth/token', { schema: tokenSchema, onRequest: ownPagesOnly }, async (request, reply) => {
    const { email, password } = request.body;
    neverStore(reply);
    return await watched(ctx, request, ['token.issued', 'token.refused'], email, () =>
      issueToken(ctx, request.identity, { email, password }),
    );
  });

  app.post(
    '/api/auth/sign-out',
    { schema: signOutSchema, onRequest: ownPagesOnly },
    async (request, reply) => {
      const session = await readSession(request.identity.auth, request);
      const cookies = await signOut(request.identity.auth, request);
      const leaving = session && (await request.identity.principals.ofUser(session.userId));
      if (leaving?.user != null) {
        const { user: account } = leaving;
        await recordAuth(ctx, { action: 'session.ended', account, proven: true, marks: marksOf(request) });
      }
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
    if (principal.user === null) throw new AppError('forbidden', 'An API key has no password.');
    const { user } = principal;
    requireGoodPassword('new_password', request.body.new_password);
    const cookies = await watched(
      ctx,
      request,
      ['password.changed', 'password.change_refused'],
      user.email,
      () => changePassword(request.identity.auth, request, request.body),
    );
    await endBearerTokens(ctx, user.id);
    request.identity.principals.forget(user.id);
    return await neverStore(reply).header('set-cookie', cookies).code(204).send(null);
  });

  app.get(
    '/api/auth/sessions',
    { schema: sessionsSchema },
    async (request) => await listSessions(ctx, await requireAuthenticated(request)),
  );

  app.delete(
    '/api/auth/sessions',
    { schema: revokeOthersSchema, config: ownSessions },
    async (request, reply) => {
      await revokeOtherSessions(ctx, await requireAuthenticated(request));
      return await reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/auth/sessions/:id',
    { schema: revokeSchema, config: ownSessions },
    async (request, reply) => {
      await revokeSession(ctx, await requireAuthenticated(request), request.params.id);
      return await reply.code(204).send(null);
    },
  );
}
