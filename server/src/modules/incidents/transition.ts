import type { IncidentTransitionKind, JoinedHow, Priority, Severity } from '@watchkeeper/contracts';
import type { Caller } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import {
  type IncidentState,
  insertIncidents,
  type LockedIncident,
  lockIncidents,
  takeNumbers,
  updateIncidents,
} from './incident-store.ts';
import {
  insertMembers,
  moveMembers,
  type NewMember,
  selectMembers,
  setRecovered,
} from './membership-store.ts';
import { insertIncidentTransitions } from './timeline-store.ts';

/**
 * The only file that changes an incident. Every change happens under the incident's row lock and for many incidents at
 * once. In the same transaction it adds a line to the timeline, which is the outbox (outbox.ts), and a live change.
 * The named changes are in by-hand.ts and by-itself.ts.
 */
export type TransitionCtx = Pick<Ctx, 'live' | 'clock'>;

export type { IncidentState, LockedIncident };

/** Grouping and the clock, when no person acts. */
export const grouping: Caller = { kind: 'system', id: 'incidents', name: 'Watchkeeper' };

/** A line of the timeline. */
export interface Entry {
  readonly kind: IncidentTransitionKind;
  readonly why: string;
  readonly note?: string | null | undefined;
  readonly details?: object;
  /** Left out: the actor of the whole change. */
  readonly actor?: Caller;
  /** It is told no earlier than this many seconds from now. */
  readonly waitSeconds?: number;
  /** Nobody is told. */
  readonly quiet?: boolean;
}

export interface IncidentChange {
  readonly set?: Partial<IncidentState>;
  /** None: the change is not worth a line, as a new count. */
  readonly entries: readonly Entry[];
}

export type Decide = (incident: LockedIncident) => IncidentChange | undefined;

/** Changes incidents as `decide` says of each, under its lock. Returns those that changed, as they are now. */
export async function changeIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  ids: readonly string[],
  decide: Decide,
  actor: Caller = grouping,
): Promise<LockedIncident[]> {
  return ids.length === 0 ? [] : await changeHeld(ctx, tx, await lockIncidents(tx, ids), decide, actor);
}

/** The same for incidents that this transaction has locked; they are given as they are now. */
export async function changeHeld(
  ctx: TransitionCtx,
  tx: Tx,
  held: readonly LockedIncident[],
  decide: Decide,
  actor: Caller = grouping,
): Promise<LockedIncident[]> {
  const changed: LockedIncident[] = [];
  const lines: { incident: LockedIncident; entry: Entry }[] = [];
  for (const incident of held) {
    const change = decide(incident);
    if (change === undefined) continue;
    const now = { ...incident, ...change.set };
    changed.push(now);
    lines.push(...change.entries.map((entry) => ({ incident: now, entry })));
  }
  if (changed.length === 0) return [];
  await updateIncidents(tx, changed);
  await record(ctx, tx, changed, lines, actor);
  return changed;
}

export interface IncidentOpening {
  readonly organizationId: string;
  readonly groupKey: string;
  /** Whether alerts with the key join it. */
  readonly isCurrent: boolean;
  readonly title: string;
  readonly severity: Severity;
  readonly priority: Priority;
  readonly siteId: string | null;
  readonly openedAt: Date;
  readonly lastJoinedAt: Date;
  readonly muted: { readonly by: string; readonly reason: string | null } | null;
  readonly why: string;
  readonly details: object;
  /** It is told no earlier than this many seconds from now. */
  readonly waitSeconds: number;
  /** Nobody is told: they were told of its alerts by the release before. */
  readonly quiet?: boolean;
  readonly members: readonly Omit<NewMember, 'incidentId'>[];
}

/** Opens incidents of one organization, in the order given. */
export async function openIncidents(
  ctx: TransitionCtx,
  tx: Tx,
  organizationId: string,
  openings: readonly IncidentOpening[],
  actor: Caller = grouping,
): Promise<LockedIncident[]> {
  if (openings.length === 0) return [];
  const first = await takeNumbers(tx, organizationId, openings.length);
  const now = new Date(ctx.clock.now());
  const opened = openings.map((opening, index) => toIncident(opening, first + index, now));
  await insertIncidents(tx, opened);
  const members = opened.flatMap((incident, index) =>
    (openings[index]?.members ?? []).map((member) => ({ ...member, incidentId: incident.id })),
  );
  await insertMembers(tx, organizationId, members, now);
  const lines = opened.flatMap((incident, index) => {
    const opening = openings[index];
    if (opening === undefined) return [];
    const { why, details, waitSeconds, quiet = false } = opening;
    return [{ incident, entry: { kind: 'opened', why, details, waitSeconds, quiet } as const }];
  });
  await record(ctx, tx, opened, lines, actor);
  return opened;
}

function toIncident(opening: IncidentOpening, number: number, now: Date): LockedIncident {
  return {
    id: newId(),
    organization_id: opening.organizationId,
    number,
    opened_at: opening.openedAt,
    group_key: opening.groupKey,
    is_current: opening.isCurrent,
    title: opening.title,
    severity: opening.severity,
    status: 'open',
    priority: opening.priority,
    priority_inputs: [],
    priority_by: null,
    priority_reason: null,
    verdict: null,
    site_id: opening.siteId,
    last_joined_at: opening.lastJoinedAt,
    acknowledged_at: null,
    acknowledged_by: null,
    assigned_to: null,
    assigned_name: null,
    snoozed_until: null,
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    action_taken: null,
    turned_at: now,
    flapping_since: null,
    muted_by: opening.muted?.by ?? null,
    muted_reason: opening.muted?.reason ?? null,
    counts: {},
    merged_into: null,
    note: '',
  };
}

/** Locks incidents for several changes in one transaction, in the order in which every transaction locks them. */
export async function holdIncidents(tx: Tx, ids: readonly string[]): Promise<LockedIncident[]> {
  return ids.length === 0 ? [] : await lockIncidents(tx, ids);
}

/** Puts alerts into incidents that this transaction has locked. An alert that has an incident stays there. */
export async function addAlerts(
  ctx: TransitionCtx,
  tx: Tx,
  organizationId: string,
  members: readonly NewMember[],
): Promise<void> {
  if (members.length > 0) await insertMembers(tx, organizationId, members, new Date(ctx.clock.now()));
}

/** Moves alerts between incidents that this transaction has locked. Returns those that moved. */
export async function moveAlerts(
  tx: Tx,
  alertIds: readonly string[],
  incidentId: string,
  how: JoinedHow,
): Promise<string[]> {
  return alertIds.length === 0 ? [] : await moveMembers(tx, alertIds, { incidentId, how });
}

/** Notes which alerts of these incidents are over. Returns the titles of those that ended since, by incident and alert. */
export async function followAlerts(
  tx: Tx,
  incidentIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const ended = await setRecovered(tx, incidentIds);
  const byIncident = Map.groupBy(ended, (row) => row.incident_id);
  return new Map(
    [...byIncident].map(([id, rows]) => [id, new Map(rows.map((row) => [row.alert_id, row.title]))]),
  );
}

/** The alerts of these incidents. */
export async function alertsOf(tx: Tx, incidentIds: readonly string[]): Promise<string[]> {
  return (await selectMembers(tx, incidentIds)).map((member) => member.alert_id);
}

async function record(
  ctx: TransitionCtx,
  tx: Tx,
  changed: readonly LockedIncident[],
  lines: readonly { incident: LockedIncident; entry: Entry }[],
  actor: Caller,
): Promise<void> {
  const rows = lines.map(({ incident, entry }) => ({
    id: newId(),
    organizationId: incident.organization_id,
    incidentId: incident.id,
    kind: entry.kind,
    actor: entry.actor ?? actor,
    why: entry.why,
    note: entry.note ?? null,
    details: entry.details ?? {},
    waitSeconds: entry.waitSeconds ?? 0,
    quiet: entry.quiet ?? false,
  }));
  if (rows.length > 0) await insertIncidentTransitions(tx, rows, new Date(ctx.clock.now()));
  for (const [organizationId, own] of Map.groupBy(changed, (incident) => incident.organization_id)) {
    await ctx.live.publish(tx, {
      organizationId,
      topic: 'incident',
      ids: own.map((incident) => incident.id),
    });
  }
}
