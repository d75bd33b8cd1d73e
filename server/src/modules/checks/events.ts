import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { byOrganization, defineEvent } from '#platform/events';

/** Checks whose status changed. Higher floors decide what that means. At most `judgedIdsMax` per event. */
export const checksJudged = defineEvent<{ organizationId: string; checkIds: readonly string[] }>(
  'checks.judged',
);
const judgedIdsMax = 500;

/** Tells higher floors once `tx` commits. */
export async function announceJudged(
  ctx: Pick<Ctx, 'events'>,
  tx: Tx,
  checks: readonly { readonly organization_id: string; readonly check_id: string }[],
): Promise<void> {
  const parts = byOrganization(checks, (check) => check.organization_id, judgedIdsMax);
  await ctx.events.publishAll(
    tx,
    checksJudged,
    parts.map(({ organizationId, items }) => ({
      organizationId,
      checkIds: items.map((item) => item.check_id),
    })),
  );
}
