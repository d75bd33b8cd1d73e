import type { Tx } from '#platform/db/database';
import { changeHeld, type LockedIncident, moveAlerts, type TransitionCtx } from '../transition.ts';
import type { AlertFacts, Parent } from './grouped-alert-store.ts';
import { parentOf } from './known.ts';
import type { Place, Placement } from './place.ts';

export interface Moved {
  readonly alertId: string;
  readonly title: string;
  readonly from: string;
  readonly into: string;
}

interface Following {
  readonly alerts: readonly AlertFacts[];
  readonly parents: ReadonlyMap<string, Parent>;
  readonly placements: readonly Placement[];
  readonly opened: ReadonlyMap<Place, LockedIncident>;
  readonly held: readonly LockedIncident[];
}

/** Children that had an incident before their parent's alert came move into the parent's. */
export async function followParents(
  tx: Tx,
  { alerts, parents, placements, opened, held }: Following,
): Promise<Moved[]> {
  const homes = new Map(placements.map(({ alertId, place }) => [alertId, incidentOf(place, opened)]));
  const known = new Set([...held, ...opened.values()].map((incident) => incident.id));
  const wanted = alerts.flatMap((alert): Moved[] => {
    const parent = parentOf(parents, alert);
    if (parent === undefined || alert.incidentId === null) return [];
    const into = homes.get(parent.alertId) ?? parent.incidentId;
    if (into === null || into === undefined || into === alert.incidentId) return [];
    return known.has(into) ? [{ alertId: alert.id, title: alert.title, from: alert.incidentId, into }] : [];
  });
  for (const [into, own] of Map.groupBy(wanted, (move) => move.into))
    await moveAlerts(
      tx,
      own.map((move) => move.alertId),
      into,
      'dependency',
    );
  return wanted;
}

export function incidentOf(place: Place, opened: ReadonlyMap<Place, LockedIncident>): string | undefined {
  return place.incidentId ?? opened.get(place)?.id;
}

/** Incidents that lost every alert to their parents' are part of those now. `affected` are locked. */
export async function closeEmpty(
  ctx: TransitionCtx,
  tx: Tx,
  affected: readonly LockedIncident[],
  empty: ReadonlySet<string>,
  moved: readonly Moved[],
): Promise<void> {
  const byId = new Map(affected.map((incident) => [incident.id, incident]));
  const now = new Date(ctx.clock.now());
  await changeHeld(ctx, tx, affected, (incident) => {
    const into = moved.find((move) => move.from === incident.id)?.into;
    if (into === undefined || !empty.has(incident.id) || incident.merged_into !== null) return undefined;
    const number = byId.get(into)?.number;
    const why = `It is part of #${number}: its devices depend on one that is down.`;
    return {
      set: {
        status: 'resolved',
        merged_into: into,
        resolved_at: now,
        resolved_by: 'Watchkeeper',
        resolved_reason: why,
      },
      entries: [{ kind: 'merged', why, details: { into: number } }],
    };
  });
}
