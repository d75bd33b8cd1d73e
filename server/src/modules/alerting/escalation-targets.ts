import type { Tx } from '#platform/db/database';

/** Of these ids, those that name a channel of the organization. */
export type FindEscalationTargets = (
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
) => Promise<readonly string[]>;

/** Per house, not per process: two apps in one process (tests) keep their own. */
const finders = new WeakMap<object, FindEscalationTargets>();

/** Whoever owns channels, a floor above, says which of them there are. Called in a module's `routes`. */
export function registerEscalationTargets(ctx: object, find: FindEscalationTargets): void {
  finders.set(ctx, find);
}

export async function missingTargets(
  ctx: object,
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const find = finders.get(ctx);
  if (find === undefined || ids.length === 0) return [];
  const there = new Set(await find(tx, organizationId, ids));
  return ids.filter((id) => !there.has(id));
}
