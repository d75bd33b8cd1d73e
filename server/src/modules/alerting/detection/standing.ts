import type { DeviceStatus } from '@watchkeeper/contracts';
import { readStandings as readJudged } from '#modules/checks';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { findSilenced, readAncestry } from './dependency-store.ts';

export type StandingCtx = Pick<Ctx, 'clock' | 'config'>;

/**
 * The state of each of these devices, whatever maintenance covers it. The verdict on the device counts, never its open
 * alerts: a failing page or a certificate that runs out does not say whether the device is there.
 */
export async function readStandings(
  ctx: StandingCtx,
  tx: Tx,
  deviceIds: readonly string[],
): Promise<Map<string, DeviceStatus>> {
  const standings = await readJudged(ctx, tx, deviceIds);
  // A rule may wait less long than the house does, and was right as long as nothing was heard since.
  for (const id of await findSilenced(tx, deviceIds)) standings.set(id, 'offline');
  return standings;
}

const isDown = (status: DeviceStatus | undefined) => status === 'offline' || status === 'unresponsive';

/**
 * For each of these devices that depends on one that is down: the name of that one. A device of which nothing is known
 * (a switch without an agent) is skipped, and its own parent is asked. A device that is alive ends the search.
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
