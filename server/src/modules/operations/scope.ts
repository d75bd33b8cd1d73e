import type { FastifyRequest } from 'fastify';
import { providerScope, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { invalidField } from '#platform/errors';
import { findHome } from './home.ts';

export interface OperationsScope {
  readonly scope: Scope;
  /** The caller as a member of the installation's first organization; null when it may not read that organization. */
  readonly house: Scope | null;
  /** Whether the caller may see the installation itself: its hosts, database, queues and settings. */
  readonly installation: boolean;
}

/**
 * The organization that a call below /api/operations is about: the one named by `org`, else the only one that the
 * credential reaches, else the installation's first one (BOOTSTRAP_ORG). Callers that may read that first organization
 * see the installation. Other tenants see their own agents and servers.
 */
export async function operationsScope(
  ctx: Pick<Ctx, 'db' | 'config'>,
  request: FastifyRequest,
  org: string | undefined,
): Promise<OperationsScope> {
  const provider = await providerScope(request);
  // A system transaction, because the organization is not known yet.
  const home = await ctx.db.system((tx) => findHome(ctx, tx));
  const { organizationIds: own } = provider;
  const house =
    home !== undefined && (own === null || own.includes(home)) ? await provider.within(home) : null;
  const only = own?.length === 1 ? own[0] : undefined;
  const named = org ?? only ?? house?.organizationId;
  if (named === undefined)
    throw invalidField('org', 'this credential reaches several organizations; name one');
  const scope = await provider.within(named);
  return { scope, house, installation: house?.permissions.has('read') ?? false };
}
