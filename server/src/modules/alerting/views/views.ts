import { type AlertViewFilter, alertViewsMax, type SavedView } from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { deleteViewRow, listViewRows, putViewRow, type ViewOwner, type ViewRow } from './store.ts';

/** @throws forbidden for a caller that is not a person: a key has no inbox */
function ownerOf(scope: Scope): ViewOwner {
  requirePermission(scope, 'read');
  if (scope.caller.kind !== 'user')
    throw new AppError('forbidden', 'Saved views belong to a person; sign in instead of using a key.');
  return { organizationId: scope.organizationId, userId: scope.caller.id };
}

function toView(row: ViewRow): SavedView {
  return { name: row.name, filter: row.filter, updated_at: row.updated_at.toISOString() };
}

export async function listViews(ctx: Pick<Ctx, 'db'>, scope: Scope): Promise<SavedView[]> {
  const owner = ownerOf(scope);
  const rows = await ctx.db.tenant(owner.organizationId, (tx) => listViewRows(tx, owner, alertViewsMax));
  return rows.map(toView);
}

/** Saves the view under this name, new or in place of the old one. @throws conflict */
export async function saveView(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  name: string,
  filter: AlertViewFilter,
): Promise<SavedView> {
  const owner = ownerOf(scope);
  const row: ViewRow = { name: name.trim(), filter, updated_at: nowDate(ctx.clock) };
  await ctx.db.tenant(owner.organizationId, async (tx) => {
    const known = await listViewRows(tx, owner, alertViewsMax);
    if (known.length >= alertViewsMax && !known.some((view) => view.name === row.name))
      throw new AppError('conflict', `You have ${alertViewsMax} saved views already; remove one first.`);
    await putViewRow(tx, owner, row);
  });
  return toView(row);
}

/** @throws not_found */
export async function removeView(ctx: Pick<Ctx, 'db'>, scope: Scope, name: string): Promise<void> {
  const owner = ownerOf(scope);
  const removed = await ctx.db.tenant(owner.organizationId, (tx) => deleteViewRow(tx, owner, name.trim()));
  if (!removed) throw notFound('view');
}
