import type { Tx } from '#platform/db/database';
import { findMaintenanceOf } from '../maintenance/maintenance-store.ts';
import { findParentsDown, type StandingCtx } from './standing.ts';

interface BornSuppressed {
  readonly id: string;
  readonly by: 'dependency' | 'maintenance';
  readonly reason: string;
}

/** Which of these new alerts are suppressed from the start, by id, and why. */
export async function findBornSuppressed(
  ctx: StandingCtx,
  tx: Tx,
  opened: readonly { id: string; deviceId: string | null }[],
  now: Date,
): Promise<Map<string, BornSuppressed>> {
  const deviceIds = opened.flatMap((alert) => (alert.deviceId === null ? [] : [alert.deviceId]));
  const parents = await findParentsDown(ctx, tx, deviceIds);
  const planned = await findMaintenanceOf(
    tx,
    opened.map((alert) => alert.id),
    now,
  );
  const born = opened.flatMap(({ id, deviceId }): BornSuppressed[] => {
    const parent = deviceId === null ? undefined : parents.get(deviceId);
    if (parent !== undefined) return [{ id, by: 'dependency', reason: dependencyReason(parent) }];
    const reason = planned.get(id);
    return reason === undefined ? [] : [{ id, by: 'maintenance', reason }];
  });
  return new Map(born.map((suppression) => [suppression.id, suppression]));
}

export function dependencyReason(parentName: string): string {
  return `It depends on ${parentName}, which is down.`;
}
