import type { Organization } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { audit } from '../audit/audit.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { selectOrganization, updateOrganizationName } from './store.ts';
import { toOrganization } from './view.ts';

/** `check` gets the version under the row's lock, for If-Match. */
export async function updateOrganization(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  input: { name: string },
  check: (version: number) => void,
): Promise<{ organization: Organization; version: number }> {
  requirePermission(scope, 'organization:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await selectOrganization(tx, scope.organizationId, { lock: true });
    if (before === undefined) throw notFound('organization');
    check(before.version);
    const after = await updateOrganizationName(tx, before.id, input.name, new Date(ctx.clock.now()));
    if (after === undefined) throw notFound('organization');
    await audit(tx, scope, {
      action: 'organization.updated',
      target: { kind: 'organization', id: after.id, name: after.slug },
      before: { name: before.name },
      after: { name: after.name },
    });
    await ctx.live.publish(tx, { organizationId: after.id, topic: 'organization', ids: [after.id] });
    return { organization: toOrganization(after), version: after.version };
  });
}
