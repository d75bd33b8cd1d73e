import type { MaintenanceInput } from '@watchkeeper/contracts/maintenance';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { newId } from '#platform/ids';
import { parseWindow } from './parse-window.ts';
import { addWindow, changeWindow, dropWindow } from './save-window.ts';
import type { Window } from './window.ts';
import { onWindow, type VersionCheck } from './work.ts';

export async function createWindow(ctx: Ctx, scope: Scope, input: MaintenanceInput): Promise<Window> {
  requirePermission(scope, 'alerts:operate');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const at = nowDate(ctx.clock);
    const values = await parseWindow({ ctx, tx }, organizationId, {
      input,
      slug: `window-${newId().slice(-12)}`,
      before: undefined,
      now: at,
    });
    return await addWindow({ ctx, tx, scope, at }, values);
  });
}

/** Replaces all editable fields; only the slug stays when it is left out. */
export async function updateWindow(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  input: MaintenanceInput,
  check: VersionCheck,
): Promise<Window> {
  return await onWindow(ctx, scope, reference, check, async (work, before) => {
    const parse = { input, slug: before.slug, before, now: work.at };
    return await changeWindow(work, before, await parseWindow(work, scope.organizationId, parse));
  });
}

export async function deleteWindow(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
): Promise<void> {
  await onWindow(ctx, scope, reference, check, dropWindow);
}
