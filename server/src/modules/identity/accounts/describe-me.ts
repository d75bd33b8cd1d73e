import { listLimitMax } from '@watchkeeper/contracts';
import type { Me } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { selectOrganizations } from '../organizations/store.ts';
import { findGrant, type OrganizationRef, type Principal } from '../principal.ts';

/** The caller and its rights. Provider staff see the first organizations; the list has the rest. */
export async function describeMe(ctx: Pick<Ctx, 'db'>, principal: Principal): Promise<Me> {
  const { caller, everywhere } = principal;
  const organizations =
    everywhere === null ? principal.grants.map((grant) => grant.organization) : await firstOrganizations(ctx);
  return {
    caller: { kind: caller.kind === 'user' ? 'user' : 'api_key', id: caller.id, name: caller.name },
    user: principal.user,
    provider: everywhere !== null,
    organizations: organizations.map((organization) => {
      const grant = findGrant(principal, organization.id);
      const permissions = new Set([...(everywhere ?? []), ...(grant?.permissions ?? [])]);
      return {
        id: organization.id,
        slug: organization.slug,
        name: organization.name,
        role: grant?.role ?? null,
        permissions: [...permissions],
      };
    }),
  };
}

async function firstOrganizations(ctx: Pick<Ctx, 'db'>): Promise<OrganizationRef[]> {
  return await ctx.db.system((tx) =>
    selectOrganizations(tx, { ids: null, afterSlug: undefined, limit: listLimitMax }),
  );
}
