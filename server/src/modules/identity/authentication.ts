import type { FastifyRequest } from 'fastify';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import type { App } from '#platform/http/app';
import { hashSecret } from '#platform/ids';
import { accessOf, requireDeclaredAccess, requireSomewhere } from './access.ts';
import { apiKeyPrefix } from './api-keys/create-api-key.ts';
import { requireSameOrigin } from './csrf.ts';
import { deviceTokenPrefix } from './device-tokens/device-tokens.ts';
import { type Identity, identityOf } from './identity.ts';
import { type OrganizationRef, type Principal, type RequestMarks, scopeIn } from './principal.ts';
import { type ProviderScope, requirePermission, type Scope } from './scope.ts';
import { sessionCookieEnd } from './session-cookie.ts';

/** A request with a valid credential. */
export interface Authenticated {
  readonly principal: Principal;
  /** null for bearer credentials. */
  readonly sessionId: string | null;
  /** null for sessions. */
  readonly bearer: string | null;
  /** A renewed session cookie, when one is due. */
  readonly cookies: readonly string[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** An API key may also come as `X-Api-Key`. */
    apiKeyHeader?: boolean;
  }
  interface FastifyRequest {
    readonly identity: Identity;
    /** Set at the first look; undefined: the request has no credential. */
    authentication: Promise<Authenticated | undefined> | null;
  }
}

type AuthRequest = Pick<
  FastifyRequest,
  | 'id'
  | 'peer'
  | 'method'
  | 'headers'
  | 'params'
  | 'identity'
  | 'authentication'
  | 'callerKey'
  | 'rights'
  | 'server'
  | 'routeOptions'
>;

/** Finds the caller and whether it may, before a body is read, a name looked up or an answer repeated. */
export function registerAuthentication(app: App, ctx: Ctx): void {
  const identity = identityOf(ctx);
  app.decorateRequest('identity', { getter: () => identity });
  app.decorateRequest('authentication', null);
  requireDeclaredAccess(app);
  app.door.identify = async (request, reply) => {
    const access = accessOf(request.routeOptions.schema);
    if (access === undefined || access.kind === 'public') return;
    const found = await authenticate(request);
    for (const cookie of found?.cookies ?? []) reply.header('set-cookie', cookie);
  };
  app.door.authorize = async (request) => {
    const access = accessOf(request.routeOptions.schema);
    if (access === undefined || access.kind === 'public') return;
    // Only the route can tell a device token or a key in the body from a missing credential.
    if (access.kind === 'permission' && access.later && (await authenticate(request)) === undefined) return;
    const { principal } = await requireAuthenticated(request);
    if (access.kind === 'signed_in') request.rights = new Set();
    else if (hasOrganizationParam(request.params)) {
      const scope = await tenantScope(request);
      requirePermission(scope, access.permission);
      request.rights = scope.permissions;
    } else {
      requireSomewhere(principal, access.permission);
      request.rights = rightsAnywhere(principal);
    }
  };
}

/** For a route that names its organization only in the body, or not at all. */
function rightsAnywhere({ everywhere, grants }: Principal): ReadonlySet<string> {
  const held = grants.flatMap((grant) =>
    [...grant.permissions].map((right) => `${grant.organization.id} ${right}`),
  );
  return new Set([...(everywhere ?? []), ...held]);
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

/** For a key in the body of a request without another credential. @throws unauthenticated, forbidden */
export async function authorizeByKey(request: FastifyRequest, key: string): Promise<void> {
  request.authentication = readBearer(request, `Bearer ${key}`);
  await authenticate(request);
  await request.server.door.authorize(request);
}

async function readCredential(request: AuthRequest): Promise<Authenticated | undefined> {
  const { authorization, 'x-api-key': key } = request.headers;
  if (authorization !== undefined) return await readBearer(request, authorization);
  if (typeof key === 'string' && request.routeOptions.config.apiKeyHeader === true)
    return await readBearer(request, `Bearer ${key}`);
  return await readCookie(request);
}

async function readBearer(request: AuthRequest, authorization: string): Promise<Authenticated | undefined> {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token?.startsWith(deviceTokenPrefix) === true) return undefined;
  const { wrongCredentials } = request.server;
  const mark = () => hashSecret(authorization).toString('base64url');
  wrongCredentials.admit(request.peer, mark);
  const principal = token === undefined ? undefined : await principalOf(request.identity, token);
  if (token === undefined || principal === undefined) {
    if (wrongCredentials.wrong(request.peer)) await request.identity.refused(marksOf(request), token);
    throw new AppError('unauthenticated', 'The credential is wrong, expired or revoked.');
  }
  wrongCredentials.good(mark());
  return { principal, sessionId: null, bearer: token, cookies: [] };
}

/** The principal of a bearer credential now. */
export async function principalOf(
  identity: Pick<Identity, 'principals' | 'accessTokens'>,
  token: string,
): Promise<Principal | undefined> {
  // A bootstrap key need not have the prefix, so everything that is not a JWT is tried as a key.
  if (token.startsWith(apiKeyPrefix) || token.split('.').length !== 3)
    return await identity.principals.ofApiKey(token);
  const said = await identity.accessTokens.verify(token);
  if (said === undefined) return await identity.principals.ofApiKey(token);
  const principal = await identity.principals.ofUser(said.userId);
  return principal?.tokenVersion === said.version ? principal : undefined;
}

async function readCookie(request: AuthRequest): Promise<Authenticated | undefined> {
  const { cookie } = request.headers;
  const { principals, publicOrigin } = request.identity;
  if (cookie === undefined || !cookie.includes(sessionCookieEnd)) return undefined;
  const session = await request.identity.readSession(request);
  const principal = session && (await principals.ofUser(session.userId));
  // An old cookie counts as no credential: its holder gets the sign-in page, not an error.
  if (session === undefined || principal === undefined) return undefined;
  requireSameOrigin(request.method, request.headers, publicOrigin);
  return { principal, sessionId: session.id, bearer: null, cookies: session.cookies };
}

/** The caller inside `{org}` of the path. @throws unauthenticated, not_found */
export async function tenantScope(request: AuthRequest): Promise<Scope> {
  const { principal } = await requireAuthenticated(request);
  return await scopeOf(request, principal, organizationParam(request.params));
}

/**
 * The caller in the one organization that its credential is about: for paths that name none.
 * @throws
 * unauthenticated; forbidden when there are several
 */
export async function soleScope(request: AuthRequest): Promise<Scope> {
  const { principal } = await requireAuthenticated(request);
  const [grant, another] = principal.grants;
  const sole = principal.everywhere === null && another === undefined ? grant : undefined;
  const scope = sole && scopeIn(principal, sole.organization, marksOf(request));
  if (scope !== undefined) return scope;
  throw new AppError(
    'forbidden',
    'The key decides the organization here, and yours covers several. Use an API key that was created in the organization.',
  );
}

/** The caller across all organizations it may see. @throws unauthenticated */
export async function providerScope(request: AuthRequest): Promise<ProviderScope> {
  const { principal } = await requireAuthenticated(request);
  const everywhere = principal.everywhere;
  const access = accessOf(request.routeOptions.schema);
  // Reads are limited to organizations that the caller may read. Writes are checked where they happen.
  const reads = access?.kind === 'permission' && access.permission === 'read';
  const grants = principal.grants.filter((grant) => !reads || grant.permissions.has('read'));
  return {
    caller: principal.caller,
    organizationIds: everywhere === null ? grants.map((grant) => grant.organization.id) : null,
    ...(everywhere === null ? {} : { permissions: everywhere }),
    ...marksOf(request),
    within: (organizationId) => scopeOf(request, principal, organizationId),
  };
}

export function marksOf(request: Pick<AuthRequest, 'id' | 'peer'>): RequestMarks {
  return { requestId: request.id, ip: request.peer };
}

/** For a caller without access, an organization does not exist: the same 404 as for an invented name. */
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

function hasOrganizationParam(params: unknown): params is { org: string } {
  return typeof params === 'object' && params !== null && 'org' in params && typeof params.org === 'string';
}

function organizationParam(params: unknown): string {
  if (hasOrganizationParam(params)) return params.org;
  throw new Error('tenantScope needs a route with {org} in its path.');
}
