import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { liveIdsMax } from '#platform/live';

/** The topic that open screens hear; `device` itself is inventory's, and empties caches. */
const stateTopic = 'device_state';

/** Tells open screens; past `liveIdsMax` ids the list itself is the news. */
export async function announceStates(
  tx: Tx,
  ctx: Pick<Ctx, 'live'>,
  devices: readonly { organization_id: string; device_id: string }[],
): Promise<void> {
  const byOrganization = Map.groupBy(devices, (device) => device.organization_id);
  for (const [organizationId, group] of byOrganization) {
    const ids = group.length > liveIdsMax ? [] : group.map((device) => device.device_id);
    await ctx.live.publish(tx, { organizationId, topic: stateTopic, ids });
  }
}
