import type { IncidentSettingValues } from '@watchkeeper/contracts';
import type { Tx } from '#platform/db/database';
import { changeHeld, followAlerts, type LockedIncident, type TransitionCtx } from '../transition.ts';
import { countTurns, readFacts } from './facts-store.ts';
import { type Happened, settle } from './settle.ts';

/** What a caller knows of the alerts of an incident that happened; recoveries are found here. */
export type Told = Pick<Happened, 'joined' | 'rows'>;

const nothing: Told = { joined: [], rows: [] };

/** Brings locked incidents in line with their alerts, as they are in this transaction. Returns those that changed. */
export async function settleIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  held: readonly LockedIncident[],
  settings: IncidentSettingValues,
  told: ReadonlyMap<string, Told> = new Map(),
): Promise<LockedIncident[]> {
  if (held.length === 0) return [];
  const ids = held.map((incident) => incident.id);
  const recovered = await followAlerts(tx, ids);
  const facts = await readFacts(tx, ids);
  const now = new Date(ctx.clock.now());
  const turns = await countTurns(tx, ids, new Date(now.getTime() - settings.flapping.within_seconds * 1000));
  return await changeHeld(ctx, tx, held, (incident) => {
    const own = facts.get(incident.id);
    if (own === undefined) return undefined;
    const happened = {
      ...(told.get(incident.id) ?? nothing),
      recovered: recovered.get(incident.id) ?? new Map(),
    };
    return settle(incident, own, happened, { settings, turns: turns.get(incident.id) ?? 0, now });
  });
}
