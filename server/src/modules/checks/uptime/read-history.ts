import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { CheckRow } from '../store.ts';
import { findCheck } from '../store.ts';
import { passiveKinds } from './roll-up.ts';
import { findNamed, listNames, listStretches, readProgress, type Stretch } from './store.ts';

/** When no check or several checks fit a name, at most this many names are listed. */
const namesMax = 20;

export type Named =
  | { readonly check: CheckRow }
  /** The slugs of all that fit. */
  | { readonly several: readonly string[] }
  /** Some existing checks, by name. */
  | { readonly none: readonly string[] };

/** Finds a check by slug or id, else by slug or name in any case. */
export async function findCheckByName(ctx: Pick<Ctx, 'db'>, scope: Scope, word: string): Promise<Named> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const found = await findNamed(tx, organizationId, word.trim(), namesMax);
    const [first] = found;
    if (found.length > 1) return { several: found };
    const check = first === undefined ? undefined : await findCheck(tx, organizationId, first);
    return check === undefined ? { none: await listNames(tx, organizationId, namesMax) } : { check };
  });
}

/**
 * When the check was up and when down: the newest `limit` stretches, oldest first. Gaps between them are unknown time.
 */
export async function readCheckHistory(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  check: CheckRow,
  { from, limit }: { from: Date; limit: number },
): Promise<Stretch[]> {
  requirePermission(scope, 'read');
  // A system transaction, because the progress of the sums belongs to no tenant.
  const progress = await ctx.db.system(readProgress);
  return await ctx.db.tenant(scope.organizationId, (tx) =>
    listStretches(tx, {
      ...{ checkId: check.id, from, to: new Date(ctx.clock.now()), limit, passiveKinds },
      stored: progress ?? check.created_at,
    }),
  );
}
