import type { AlertTransitionKind } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { readGrouping } from '../settings/settings.ts';
import { addAlerts, changeHeld, holdIncidents, type LockedIncident } from '../transition.ts';
import { readFacts } from './facts-store.ts';
import { closeEmpty, followParents, incidentOf, type Moved } from './follow-parents.ts';
import { type AlertFacts, readAlerts, readParents } from './grouped-alert-store.ts';
import { devicesOf, isChild, toHomeless, toKnown, toPlaces } from './known.ts';
import { openPlaces } from './open-places.ts';
import { type Place, type Placement, placeAlerts } from './place.ts';
import { findPlaces, readBefore, readEnds } from './place-store.ts';
import type { Happened } from './settle.ts';
import { settleIncidents, type Told } from './settle-incidents.ts';

export type GroupCtx = Pick<Ctx, 'live' | 'clock' | 'config'>;

/** A row of an alert's timeline. */
export interface AlertChange {
  readonly alertId: string;
  readonly kind: AlertTransitionKind;
  readonly actor: Happened['rows'][number]['actor'];
}

/**
 * Gives each of these alerts its incident and brings the incidents in line with them, in the caller's transaction,
 * which holds the organization's lane. Doing it again changes nothing. `changes` are oldest first; people were told of
 * an alert without its opening among them by the release before, so its incident is opened quietly.
 */
export async function groupAlerts(
  ctx: GroupCtx,
  tx: Tx,
  organizationId: string,
  alertIds: readonly string[],
  changes: readonly AlertChange[],
): Promise<void> {
  const settings = await readGrouping(ctx, tx, organizationId);
  const alerts = await readAlerts(tx, organizationId, alertIds);
  if (alerts.length === 0) return;
  const parents = await readParents(tx, organizationId, devicesOf(alerts.filter(isChild)));
  const homeless = await toHomeless(tx, alerts, parents, settings);
  const fingerprints = homeless.map((alert) => alert.fingerprint);
  const before = await readBefore(tx, organizationId, fingerprints);
  const own = [
    ...before.map((row) => row.incidentId),
    ...alerts.flatMap((alert) => alert.incidentId ?? []),
    ...[...parents.values()].flatMap((parent) => parent.incidentId ?? []),
  ];
  const keys = homeless.map((alert) => alert.key);
  const found = await holdIncidents(tx, await findPlaces(tx, organizationId, keys, own));
  const places = toPlaces(found, await readEnds(tx, idsOf(found)));
  const placements = placeAlerts(homeless, toKnown(found, places, before, parents, settings));
  const held = await retire(ctx, tx, found, places);
  const fresh = new Set(changes.filter(({ kind }) => kind === 'opened').map(({ alertId }) => alertId));
  const opened = await openPlaces(ctx, tx, organizationId, { alerts, placements, settings, fresh });
  await addAlerts(ctx, tx, organizationId, toMembers(alerts, placements));
  const moved = await followParents(tx, { alerts, parents, placements, opened, held });
  const told = tellOf(alerts, placements, opened, moved, changes);
  const affected = [...held, ...opened.values()].filter(({ id }) => told.has(id));
  await settleIncidents(ctx, tx, affected, settings, told);
  if (moved.length > 0) {
    const facts = await readFacts(tx, idsOf(affected));
    const empty = new Set(idsOf(affected).filter((id) => !facts.has(id)));
    await closeEmpty(ctx, tx, affected, empty, moved);
  }
}

function idsOf(incidents: readonly LockedIncident[]): string[] {
  return incidents.map((incident) => incident.id);
}

/** The keys of these incidents belong to younger ones now. This comes first, because a key has one incident. */
async function retire(
  ctx: GroupCtx,
  tx: Tx,
  found: readonly LockedIncident[],
  places: ReadonlyMap<string, Place>,
): Promise<LockedIncident[]> {
  const changed = await changeHeld(ctx, tx, found, ({ id, is_current: was }) =>
    was && places.get(id)?.isCurrent === false ? { set: { is_current: false }, entries: [] } : undefined,
  );
  const byId = new Map(changed.map((incident) => [incident.id, incident]));
  return found.map((incident) => byId.get(incident.id) ?? incident);
}

function toMembers(alerts: readonly AlertFacts[], placements: readonly Placement[]) {
  const fingerprints = new Map(alerts.map((alert) => [alert.id, alert.fingerprint]));
  return placements.flatMap(({ alertId, place, how }) =>
    place.incidentId === null
      ? []
      : [{ alertId, incidentId: place.incidentId, fingerprint: fingerprints.get(alertId) ?? '', how }],
  );
}

/** What each incident must know of its alerts: who joined, and what happened to them. */
function tellOf(
  alerts: readonly AlertFacts[],
  placements: readonly Placement[],
  opened: ReadonlyMap<Place, LockedIncident>,
  moved: readonly Moved[],
  changes: readonly AlertChange[],
): Map<string, Told> {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const homes = new Map(
    alerts.flatMap(({ id, incidentId }) => (incidentId === null ? [] : [[id, incidentId]])),
  );
  const told = new Map<string, { joined: Happened['joined'][number][]; rows: Happened['rows'][number][] }>();
  const of = (id: string) => {
    const known = told.get(id) ?? { joined: [], rows: [] };
    told.set(id, known);
    return known;
  };
  for (const { alertId, place, how } of placements) {
    const id = incidentOf(place, opened);
    if (id === undefined) continue;
    homes.set(alertId, id);
    const title = byId.get(alertId)?.title ?? '';
    of(id).joined.push({ id: alertId, title, how: place.incidentId === null ? 'first' : how });
  }
  for (const { alertId, title, from, into } of moved) {
    homes.set(alertId, into);
    of(from);
    of(into).joined.push({ id: alertId, title, how: 'dependency' });
  }
  for (const { alertId, kind, actor } of changes) {
    const id = homes.get(alertId);
    if (id !== undefined) of(id).rows.push({ kind, actor });
  }
  for (const id of homes.values()) of(id);
  return told;
}
