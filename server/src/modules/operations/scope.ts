import type { FastifyRequest } from 'fastify';
import { providerScope, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { invalidField } from '#platform/errors';
import { findHome } from './home.ts';

export interface OperationsScope {
  readonly scope: Scope;
  /** The caller in the installation's first organization; null: it has no business there. */
  readonly house: Scope | null;
  /** Whether the installation itself is the caller's to see: its hosts, database, queues and settings. */
  readonly installation: boolean;
}

/**
 * Which organization a call below /api/operations is about: the one named by `org`, else the only one that the
 * credential reaches, else the installation's first (BOOTSTRAP_ORG). The installation is shown to who may read
 * that first organization; other tenants see their own agents and servers.
 */
export async function operationsScope(
  ctx: Pick<Ctx, 'db' | 'config'>,
  request: FastifyRequest,
  org: string | undefined,
): Promise<OperationsScope> {
  const provider = await providerScope(request);
  // A system transaction: which organization it is about is what we ask.
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
