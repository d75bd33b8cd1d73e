import type { FastifyRequest } from 'fastify';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import type { App } from '#platform/http/app';
import { apiKeyPrefix } from './api-keys/create-api-key.ts';
import { sessionCookieEnd } from './better-auth.ts';
import { requireSameOrigin } from './csrf.ts';
import { deviceTokenPrefix } from './device-tokens/device-tokens.ts';
import { type Identity, identityOf } from './identity.ts';
import { type OrganizationRef, type Principal, type RequestMarks, scopeIn } from './principal.ts';
import type { ProviderScope, Scope } from './scope.ts';
import { readSession } from './sessions.ts';

/** A request whose credential was found to be good. */
export interface Authenticated {
  readonly principal: Principal;
  /** null for bearer credentials. */
  readonly sessionId: string | null;
  /** A renewed session cookie, when one is due. */
  readonly cookies: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    readonly identity: Identity;
    /** Set at the first look; undefined means that no credential came along. */
    authentication: Promise<Authenticated | undefined> | null;
  }
}

type AuthRequest = Pick<
  FastifyRequest,
  'id' | 'ip' | 'method' | 'headers' | 'params' | 'identity' | 'authentication' | 'callerKey'
>;

/** Paths whose callers are known before anything is counted, replayed or validated: a wrong credential is 401 first. */
const guardedPaths = /^\/(?:api|provider)\//;

/** Who calls. Heartbeat routes (`quiet`) skip this: their device tokens are checked where they are used. */
export function registerAuthentication(app: App, ctx: Ctx): void {
  const identity = identityOf(ctx);
  app.decorateRequest('identity', { getter: () => identity });
  app.decorateRequest('authentication', null);
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.quiet === true || !guardedPaths.test(request.url)) return;
    const found = await authenticate(request);
    for (const cookie of found?.cookies ?? []) reply.header('set-cookie', cookie);
  });
}

/** The caller, read once per request; undefined when no credential came along. @throws unauthenticated, csrf_rejected */
export async function authenticate(request: AuthRequest): Promise<Authenticated | undefined> {
  request.authentication ??= readCredential(request);
  const found = await request.authentication;
  if (found !== undefined) request.callerKey = `${found.principal.caller.kind}:${found.principal.caller.id}`;
  return found;
}

/** @throws unauthenticated when there is no credential, or a wrong one. */
export async function requireAuthenticated(request: AuthRequest): Promise<Authenticated> {
  const found = await authenticate(request);
  if (found === undefined) {
    throw new AppError(
      'unauthenticated',
      'Sign in, or send an API key or token as "Authorization: Bearer ...".',
    );
  }
  return found;
}

async function readCredential(request: AuthRequest): Promise<Authenticated | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return await readBearer(request.identity, authorization);
  return await readCookie(request);
}

async function readBearer(identity: Identity, authorization: string): Promise<Authenticated | undefined> {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token?.startsWith(deviceTokenPrefix) === true) return undefined;
  const principal = token === undefined ? undefined : await principalOf(identity, token);
  if (principal === undefined) {
    throw new AppError('unauthenticated', 'The credential is wrong, expired or revoked.');
  }
  return { principal, sessionId: null, cookies: [] };
}

async function principalOf(identity: Identity, token: string): Promise<Principal | undefined> {
  // A bootstrap key need not carry the prefix, so whatever is not three parts of a JWT is tried as a key.
  if (token.startsWith(apiKeyPrefix) || token.split('.').length !== 3)
    return await identity.principals.ofApiKey(token);
  const userId = await identity.accessTokens.verify(token);
  return userId === undefined
    ? await identity.principals.ofApiKey(token)
    : await identity.principals.ofUser(userId);
}

async function readCookie(request: AuthRequest): Promise<Authenticated | undefined> {
  const { cookie } = request.headers;
  const { auth, principals, publicOrigin } = request.identity;
  if (cookie === undefined || !cookie.includes(sessionCookieEnd)) return undefined;
  const session = await readSession(auth, request);
  const principal = session && (await principals.ofUser(session.userId));
  // An old cookie is no credential: its holder gets the sign-in page, not an error.
  if (session === undefined || principal === undefined) return undefined;
  requireSameOrigin(request.method, request.headers, publicOrigin);
  return { principal, sessionId: session.id, cookies: session.cookies };
}

/** The caller inside `{org}` of the path. @throws unauthenticated, not_found */
export async function tenantScope(request: AuthRequest): Promise<Scope> {
  const { principal } = await requireAuthenticated(request);
  return await scopeOf(request, principal, organizationParam(request.params));
}

/** The caller across all organizations it may see. @throws unauthenticated */
export async function providerScope(request: AuthRequest): Promise<ProviderScope> {
  const { principal } = await requireAuthenticated(request);
  const everywhere = principal.everywhere;
  return {
    caller: principal.caller,
    organizationIds: everywhere === null ? principal.grants.map((grant) => grant.organization.id) : null,
    ...(everywhere === null ? {} : { permissions: everywhere }),
    ...marksOf(request),
    within: (organizationId) => scopeOf(request, principal, organizationId),
  };
}

export function marksOf(request: Pick<AuthRequest, 'id' | 'ip'>): RequestMarks {
  return { requestId: request.id, ip: request.ip };
}

/** Where the caller has no business, nothing exists: the same 404 as for a made-up name. */
async function scopeOf(request: AuthRequest, principal: Principal, slugOrId: string): Promise<Scope> {
  const organization = await organizationFor(request.identity, principal, slugOrId);
  const scope = organization && scopeIn(principal, organization, marksOf(request));
  if (scope === undefined) throw notFound('organization');
  return scope;
}

async function organizationFor(
  identity: Identity,
  principal: Principal,
  slugOrId: string,
): Promise<OrganizationRef | undefined> {
  const name = slugOrId.toLowerCase();
  const granted = principal.grants.find(
    ({ organization }) => organization.id === name || organization.slug === name,
  );
  if (granted !== undefined || principal.everywhere === null) return granted?.organization;
  return await identity.principals.organization(name);
}

function organizationParam(params: unknown): string {
  if (typeof params === 'object' && params !== null && 'org' in params && typeof params.org === 'string')
    return params.org;
  throw new Error('tenantScope needs a route with {org} in its path.');
}
