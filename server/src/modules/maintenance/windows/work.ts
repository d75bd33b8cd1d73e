import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { settle, type Turn } from '../runs/lifecycle.ts';
import { coverableChecks } from './coverable-checks.ts';
import { findWindow } from './store.ts';
import type { Window } from './window.ts';

/** One transaction on behalf of one caller. */
export interface Work extends Turn {
  readonly ctx: Pick<Ctx, 'events' | 'live' | 'parts'>;
  readonly scope: Scope;
}

/** Throws precondition_failed when the caller has seen an older version. */
export type VersionCheck = (version: number) => void;

/** Runs `act` on a window that is locked and in the state that the current time requires. @throws not_found */
export async function onWindow<T>(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
  act: (work: Work, window: Window) => Promise<T>,
): Promise<T> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const work = { ctx, tx, scope, at: nowDate(ctx.clock) };
    const window = await findWindow(tx, coverableChecks(ctx), scope.organizationId, reference, true);
    if (window === undefined) throw notFound('maintenance window');
    check(window.version);
    return await act(work, await settle(work, window));
  });
}
