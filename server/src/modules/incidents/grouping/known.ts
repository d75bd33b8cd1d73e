import type { IncidentSettingValues } from '@watchkeeper/contracts';
import type { Tx } from '#platform/db/database';
import { grouping, type LockedIncident } from '../transition.ts';
import { type AlertFacts, type Parent, readRoots } from './grouped-alert-store.ts';
import { keyOf } from './key.ts';
import type { Homeless, Known, Place } from './place.ts';
import type { Before } from './place-store.ts';

/** Turns rows into what the pure part of grouping (place.ts) takes. */

/** Muted because the device on which its device depends is down. */
export const isChild = (alert: AlertFacts) =>
  alert.suppressedBy === 'dependency' && alert.status !== 'resolved' && alert.deviceId !== null;

export function devicesOf(alerts: readonly AlertFacts[]): string[] {
  return [...new Set(alerts.flatMap((alert) => alert.deviceId ?? []))];
}

export const parentOf = (parents: ReadonlyMap<string, Parent>, alert: AlertFacts) =>
  isChild(alert) ? parents.get(alert.deviceId ?? '') : undefined;

/** Those of these alerts that have no incident yet. */
export async function toHomeless(
  tx: Tx,
  alerts: readonly AlertFacts[],
  parents: ReadonlyMap<string, Parent>,
  settings: IncidentSettingValues,
): Promise<Homeless[]> {
  const without = alerts.filter((alert) => alert.incidentId === null);
  const groupBy = (alert: AlertFacts) => alert.groupBy ?? settings.group_by;
  const byRoot = without.filter((alert) => groupBy(alert) === 'dependency');
  const roots = await readRoots(tx, devicesOf(byRoot));
  return without.map((alert) => ({
    id: alert.id,
    key: keyOf(groupBy(alert), { ...alert, rootId: roots.get(alert.deviceId ?? '') ?? null }),
    fingerprint: alert.fingerprint,
    openedAt: alert.openedAt.getTime(),
    endedAt: alert.resolvedAt?.getTime() ?? null,
    windowMs: (alert.windowSeconds ?? settings.group_window_seconds) * 1000,
    parent: parentOf(parents, alert)?.alertId ?? null,
  }));
}

export function toPlaces(
  held: readonly LockedIncident[],
  ends: ReadonlyMap<string, Date | null>,
): Map<string, Place> {
  return new Map(
    held.map((incident) => {
      const ended = incident.status === 'resolved' ? incident.resolved_at : (ends.get(incident.id) ?? null);
      const place: Place = {
        incidentId: incident.id,
        key: incident.group_key,
        isCurrent: incident.is_current,
        lastJoinedAt: incident.last_joined_at.getTime(),
        end: ended?.getTime() ?? Number.POSITIVE_INFINITY,
        endsByItself: incident.status !== 'resolved' || incident.resolved_by === grouping.name,
      };
      return [incident.id, place];
    }),
  );
}

export function toKnown(
  held: readonly LockedIncident[],
  places: ReadonlyMap<string, Place>,
  before: readonly Before[],
  parents: ReadonlyMap<string, Parent>,
  settings: IncidentSettingValues,
): Known {
  const incidents = new Map(held.map((incident) => [incident.id, incident]));
  /** Follows what it was merged into. */
  const placeOf = (id: string | null): Place | undefined => {
    for (let at = id, step = 0; at !== null && step <= held.length; step += 1) {
      const next = incidents.get(at)?.merged_into ?? null;
      if (next === null || !incidents.has(next)) return places.get(at);
      at = next;
    }
    return undefined;
  };
  const current = held.flatMap((incident) => {
    const [holder, place] = [places.get(incident.id), placeOf(incident.id)];
    return incident.is_current && holder !== undefined && place !== undefined
      ? [[incident.group_key, { holder, place }] as const]
      : [];
  });
  const last = before.flatMap(({ fingerprint, incidentId, endedAt }) => {
    const place = placeOf(incidentId);
    if (place === undefined) return [];
    return [[fingerprint, { place, end: endedAt?.getTime() ?? Number.POSITIVE_INFINITY }] as const];
  });
  const homes = [...parents.values()].flatMap(({ alertId, incidentId }) => {
    const place = placeOf(incidentId);
    return place === undefined ? [] : [[alertId, place] as const];
  });
  return {
    current: new Map(current),
    last: new Map(last),
    homes: new Map(homes),
    reopenMs: settings.reopen_window_seconds * 1000,
    holdMs: settings.hold_down_seconds * 1000,
  };
}
