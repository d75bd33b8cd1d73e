import type { DeviceStatus } from '@watchkeeper/contracts';
import { readStandings as readJudged } from '#modules/checks';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { findSilenced, readAncestry } from './dependency-store.ts';

export type StandingCtx = Pick<Ctx, 'clock' | 'config'>;

/**
 * The state of each of these devices, even if a maintenance covers it. The verdict on the device itself counts, not its
 * open alerts: a failing page or an expiring certificate does not show whether the device is reachable.
 */
export async function readStandings(
  ctx: StandingCtx,
  tx: Tx,
  deviceIds: readonly string[],
): Promise<Map<string, DeviceStatus>> {
  const standings = await readJudged(ctx, tx, deviceIds);
  // A rule's limit may be shorter than the environment's. Such a rule stays right while the device is not heard.
  for (const id of await findSilenced(tx, deviceIds)) standings.set(id, 'offline');
  return standings;
}

const isDown = (status: DeviceStatus | undefined) => status === 'offline' || status === 'unresponsive';

/**
 * For each of these devices that depends on one that is down: the name of the one that is down. If nothing is known of
 * a device (a switch without an agent), its own parent is asked. The search ends at a device that is alive.
 */
export async function findParentsDown(
  ctx: StandingCtx,
  tx: Tx,
  deviceIds: readonly string[],
): Promise<Map<string, string>> {
  const edges = deviceIds.length === 0 ? [] : await readAncestry(tx, deviceIds);
  if (edges.length === 0) return new Map();
  const standings = await readStandings(ctx, tx, [...new Set(edges.map((edge) => edge.parent))]);
  const parentsOf = Map.groupBy(edges, (edge) => edge.child);
  const above = (id: string, passed: ReadonlySet<string>): string | undefined => {
    const parents = parentsOf.get(id) ?? [];
    const down = parents.find(({ parent }) => isDown(standings.get(parent)));
    if (down !== undefined) return down.name;
    for (const { parent } of parents) {
      if (passed.has(parent) || (standings.get(parent) ?? 'unknown') !== 'unknown') continue;
      const found = above(parent, new Set([...passed, parent]));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const down = new Map<string, string>();
  for (const id of deviceIds) {
    const name = above(id, new Set([id]));
    if (name !== undefined) down.set(id, name);
  }
  return down;
}
