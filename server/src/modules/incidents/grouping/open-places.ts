import { type IncidentSettingValues, severityRank } from '@watchkeeper/contracts';
import type { Tx } from '#platform/db/database';
import {
  type IncidentOpening,
  type LockedIncident,
  openIncidents,
  type TransitionCtx,
} from '../transition.ts';
import type { AlertFacts } from './grouped-alert-store.ts';
import type { Place, Placement } from './place.ts';

export interface Openings {
  readonly alerts: readonly AlertFacts[];
  readonly placements: readonly Placement[];
  readonly settings: IncidentSettingValues;
  /** Alerts whose opening nobody was told of yet. An incident without one is opened quietly. */
  readonly fresh: ReadonlySet<string>;
}

/** Opens the incidents of the new places. */
export async function openPlaces(
  ctx: TransitionCtx,
  tx: Tx,
  organizationId: string,
  { alerts, placements, settings, fresh }: Openings,
): Promise<Map<Place, LockedIncident>> {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const groups = [
    ...Map.groupBy(
      placements.filter(({ place }) => place.incidentId === null),
      ({ place }) => place,
    ),
  ];
  const openings = groups.map(([place, own]): IncidentOpening => {
    const members = own.flatMap(({ alertId }) => byId.get(alertId) ?? []);
    return toOpening(organizationId, place, own, members, fresh, settings);
  });
  const opened = await openIncidents(ctx, tx, organizationId, openings);
  return new Map(
    groups.flatMap(([place], index) => {
      const incident = opened[index];
      return incident === undefined ? [] : [[place, incident] as const];
    }),
  );
}

const listedMax = 50;

function toOpening(
  organizationId: string,
  place: Place,
  placements: readonly Placement[],
  members: readonly AlertFacts[],
  fresh: ReadonlySet<string>,
  settings: IncidentSettingValues,
): IncidentOpening {
  const [first] = members;
  const loud = members.filter((alert) => alert.suppressedBy === null);
  const standing = members.filter((alert) => alert.status !== 'resolved');
  const muted = standing.length > 0 && standing.every((alert) => alert.suppressedBy !== null);
  const worst = (loud.length === 0 ? members : loud).toSorted(
    (a, b) => severityRank(a.severity) - severityRank(b.severity),
  )[0];
  const adopts = !members.some((alert) => fresh.has(alert.id));
  const how = new Map(placements.map((placement) => [placement.alertId, placement.how]));
  return {
    organizationId,
    groupKey: place.key,
    isCurrent: place.isCurrent,
    title: (loud[0] ?? first)?.title ?? '',
    severity: worst?.severity ?? 'low',
    priority: 'P3',
    siteId: first?.siteId ?? null,
    openedAt: first?.openedAt ?? new Date(place.lastJoinedAt),
    lastJoinedAt: new Date(place.lastJoinedAt),
    muted: muted
      ? { by: standing[0]?.suppressedBy ?? '', reason: standing[0]?.suppressedReason ?? null }
      : null,
    why: first?.why ?? '',
    details: {
      alerts: members.slice(0, listedMax).map((alert) => alert.id),
      count: members.length,
      ...(adopts ? { adopted: true } : {}),
    },
    waitSeconds: settings.group_wait_seconds,
    quiet: adopts,
    members: members.map((alert) => ({
      alertId: alert.id,
      fingerprint: alert.fingerprint,
      how: adopts ? 'adopted' : (how.get(alert.id) ?? 'first'),
    })),
  };
}
