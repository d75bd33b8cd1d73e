import type { JoinedHow } from '@watchkeeper/contracts';

/** An alert that has no incident yet. Times in milliseconds since the epoch. */
export interface Homeless {
  readonly id: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly openedAt: number;
  /** null: it is not over. */
  readonly endedAt: number | null;
  readonly windowMs: number;
  /** The alert of the device on which its device depends, when that mutes it. */
  readonly parent: string | null;
}

/** An incident that may take alerts, as it is after those that were placed so far. */
export interface Place {
  /** null: it is opened for the alerts that are placed in it. */
  readonly incidentId: string | null;
  readonly key: string;
  isCurrent: boolean;
  lastJoinedAt: number;
  /** When the last of its alerts ended; Infinity: it is not over. */
  end: number;
  /** Its end was nobody's word. */
  readonly endsByItself: boolean;
}

export interface Known {
  /** By key: the incident that takes its alerts, and the one that it was merged into. */
  readonly current: ReadonlyMap<string, { readonly holder: Place; readonly place: Place }>;
  /** By fingerprint: where it was last, and when it ended there; Infinity: it is not over. */
  readonly last: ReadonlyMap<string, { readonly place: Place; readonly end: number }>;
  /** By alert: the incidents of parents. */
  readonly homes: ReadonlyMap<string, Place>;
  readonly reopenMs: number;
  readonly holdMs: number;
}

export interface Placement {
  readonly alertId: string;
  readonly place: Place;
  readonly how: JoinedHow;
}

/**
 * Finds an incident for each alert, oldest first, parents before their children. It decides by the times of the alerts
 * and not by when it runs, so a backlog ends in the same incidents. Pure, but for the places, which it keeps up to date.
 */
export function placeAlerts(alerts: readonly Homeless[], known: Known): Placement[] {
  const current = new Map(known.current);
  const last = new Map(known.last);
  const homes = new Map(known.homes);
  const placements: Placement[] = [];
  const waiting = new Map(alerts.map((alert) => [alert.id, alert]));

  function put(alert: Homeless): void {
    // Taken off first: dependencies that go in a circle end here.
    if (!waiting.delete(alert.id)) return;
    const parent = alert.parent === null ? undefined : waiting.get(alert.parent);
    if (parent !== undefined) put(parent);
    const { place, how } = choose(alert);
    place.lastJoinedAt = Math.max(place.lastJoinedAt, alert.openedAt);
    const end = alert.endedAt ?? Number.POSITIVE_INFINITY;
    place.end = how === 'first' ? end : Math.max(place.end, end);
    last.set(alert.fingerprint, { place, end });
    homes.set(alert.id, place);
    placements.push({ alertId: alert.id, place, how });
  }

  function choose(alert: Homeless): Omit<Placement, 'alertId'> {
    const home = alert.parent === null ? undefined : homes.get(alert.parent);
    if (home !== undefined) return { place: home, how: 'dependency' };
    const before = last.get(alert.fingerprint);
    if (before !== undefined && known.reopenMs > 0 && alert.openedAt <= before.end + known.reopenMs)
      return { place: before.place, how: 'recurrence' };
    const standing = current.get(alert.key);
    if (standing !== undefined && takes(standing.place, alert, known.holdMs))
      return { place: standing.place, how: 'window' };
    if (standing !== undefined) standing.holder.isCurrent = false;
    const place = newPlace(alert);
    current.set(alert.key, { holder: place, place });
    return { place, how: 'first' };
  }

  for (const alert of alerts.toSorted((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1)))
    put(alert);
  return placements;
}

/** An incident whose end was not told yet takes more: to people it is one story. */
function takes(place: Place, alert: Homeless, holdMs: number): boolean {
  if (alert.openedAt > place.lastJoinedAt + alert.windowMs) return false;
  if (place.end >= alert.openedAt) return true;
  return place.endsByItself && alert.openedAt < place.end + holdMs;
}

function newPlace({ key, openedAt }: Homeless): Place {
  return {
    incidentId: null,
    key,
    isCurrent: true,
    lastJoinedAt: openedAt,
    end: Number.POSITIVE_INFINITY,
    endsByItself: true,
  };
}
