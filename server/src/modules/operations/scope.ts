import type { FastifyRequest } from 'fastify';
import { findOrganization, providerScope, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { invalidField } from '#platform/errors';

export interface OperationsScope {
  readonly scope: Scope;
  /** Whether the installation itself is the caller's to see: its hosts, database, queues and settings. */
  readonly installation: boolean;
}

/**
 * Which organization a call below /api/operations is about: the one named by `org`, else the only one that the
 * credential reaches, else the installation's first (BOOTSTRAP_ORG). The installation is shown to that first
 * organization and to provider credentials; other tenants see their own agents and servers.
 */
export async function operationsScope(
  ctx: Pick<Ctx, 'db' | 'config'>,
  request: FastifyRequest,
  org: string | undefined,
): Promise<OperationsScope> {
  const provider = await providerScope(request);
  const home = ctx.config.bootstrap.organizationSlug;
  const [only, ...others] = provider.organizationIds ?? [];
  let named = org;
  if (named === undefined && only !== undefined && others.length === 0) named = only;
  if (named === undefined) {
    // A system transaction: which organization it is about is what we ask.
    const first = await ctx.db.system((tx) => findOrganization(tx, home));
    const reachable =
      first !== undefined &&
      (provider.organizationIds === null || provider.organizationIds.includes(first.id));
    if (!reachable) throw invalidField('org', 'this credential reaches several organizations; name one');
    named = first.id;
  }
  const scope = await provider.within(named);
  return { scope, installation: provider.permissions !== undefined || scope.organizationSlug === home };
}
