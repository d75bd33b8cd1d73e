import {
  type AlertTransitionKind,
  reopenWindowSeconds,
  type SuppressionReasonInUse,
} from '@watchkeeper/contracts';
import type { Caller } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import {
  countEscalations,
  findReopenable,
  insertAlerts,
  insertTransitions,
  type LockedAlert,
  lockAlerts,
  type NewAlert,
  type NewTransition,
  setAcknowledged,
  setEscalated,
  setReopened,
  setResolved,
  setSuppressed,
  setUnacknowledged,
} from './alert-store.ts';
import { findBornSuppressed } from './detection/born-suppressed.ts';

/**
 * The only file that changes an alert. Every change happens under the alert's row lock and for many alerts at once. In
 * the same transaction it adds a row to the timeline, which is the outbox (alert-outbox.ts), and a live change.
 */
type TransitionCtx = Pick<Ctx, 'live' | 'clock'>;
/** Opening also needs the config, to find the parents of a device. */
type OpeningCtx = TransitionCtx & Pick<Ctx, 'config'>;

/** The engine when it acts by itself. */
export const detection: Caller = { kind: 'system', id: 'detection', name: 'Watchkeeper' };

export type Opening = Omit<NewAlert, 'id'>;

/**
 * Opens alerts that are not open yet. The answer leaves out subjects in their cooldown and alerts that another process
 * has just opened. An alert on a device under maintenance, or whose parent is down, is suppressed from the start.
 */
export async function openAlerts(
  ctx: OpeningCtx,
  tx: Tx,
  openings: readonly Opening[],
  actor: Caller = detection,
): Promise<{ id: string; opening: Opening }[]> {
  if (openings.length === 0) return [];
  const now = new Date(ctx.clock.now());
  const wanted = openings.map((opening) => ({ ...opening, id: newId() }));
  const inserted = await insertAlerts(tx, wanted, now);
  const opened = wanted.filter((alert) => inserted.has(alert.id));
  if (opened.length === 0) return [];
  // In the transaction that opens them, so that nobody is notified of an alert that is suppressed from the start.
  const suppressions = await findBornSuppressed(ctx, tx, opened, now);
  if (suppressions.size > 0) await setSuppressed(tx, [...suppressions.values()]);
  const byAlert = new Map(opened.map((alert) => [alert.id, alert]));
  await record(
    ctx,
    tx,
    'opened',
    opened.map((alert) => ({ id: alert.id, organizationId: alert.organizationId })),
    ({ id }) => ({ why: byAlert.get(id)?.why ?? '', details: byAlert.get(id)?.details ?? {} }),
    actor,
  );
  const suppressed = opened.filter((alert) => suppressions.has(alert.id));
  await record(ctx, tx, 'suppressed', suppressed, ({ id }) => ({
    why: suppressions.get(id)?.reason ?? '',
    details: { by: suppressions.get(id)?.by ?? null },
  }));
  return opened.map(({ id, ...opening }) => ({ id, opening }));
}

/**
 * For several changes in one transaction: locks all alerts that they may touch, in the order in which every transaction
 * locks alerts.
 */
export async function holdAlerts(tx: Tx, alertIds: readonly string[]): Promise<void> {
  if (alertIds.length > 0) await lockAlerts(tx, alertIds);
}

export interface ByHand {
  readonly actor: Caller;
  readonly note?: string | undefined;
  readonly details?: object;
}

/** Acknowledges the alerts that are open. Returns their ids. */
export async function acknowledgeAlerts(
  ctx: TransitionCtx,
  tx: Tx,
  alertIds: readonly string[],
  { actor, note, details }: ByHand,
): Promise<string[]> {
  const open = (await lockAlerts(tx, alertIds)).filter((alert) => alert.status === 'open');
  if (open.length === 0) return [];
  const ids = open.map((alert) => alert.id);
  await setAcknowledged(tx, ids, actor.name, new Date(ctx.clock.now()));
  const why = `${actor.name} is looking at it.`;
  await record(
    ctx,
    tx,
    'acknowledged',
    open.map(toRef),
    () => ({ why, note: note ?? null, details: details ?? {} }),
    actor,
  );
  return ids;
}

/**
 * Takes an acknowledgement back: nobody is looking at the alert after all. Returns the alerts that were acknowledged.
 */
export async function unacknowledgeAlerts(
  ctx: TransitionCtx,
  tx: Tx,
  alertIds: readonly string[],
  actor: Caller,
): Promise<string[]> {
  const inHand = (await lockAlerts(tx, alertIds)).filter((alert) => alert.status === 'acknowledged');
  if (inHand.length === 0) return [];
  const ids = inHand.map((alert) => alert.id);
  await setUnacknowledged(tx, ids);
  const why = `${actor.name} took the acknowledgement back.`;
  await record(ctx, tx, 'unacknowledged', inHand.map(toRef), () => ({ why, details: {} }), actor);
  return ids;
}

/**
 * Takes a person's resolution back, within `reopenWindowSeconds`: the alert is again as it was before. The answer
 * leaves out alerts that recovered by themselves, that have a younger alert on the same subject, or whose rule is
 * deleted or switched off.
 */
export async function reopenAlerts(
  ctx: TransitionCtx,
  tx: Tx,
  alertIds: readonly string[],
  actor: Caller,
): Promise<LockedAlert[]> {
  const now = ctx.clock.now();
  const resolved = (await lockAlerts(tx, alertIds)).filter((alert) => alert.status === 'resolved');
  const since = new Date(now - reopenWindowSeconds * 1000);
  const fit = await findReopenable(
    tx,
    resolved.map((alert) => alert.id),
    since,
  );
  const reopened = resolved.filter((alert) => fit.has(alert.id));
  if (reopened.length === 0) return [];
  await setReopened(
    tx,
    reopened.map((alert) => alert.id),
  );
  const why = `${actor.name} took the resolution back.`;
  await record(ctx, tx, 'reopened', reopened.map(toRef), () => ({ why, details: {} }), actor);
  return reopened;
}

export interface Resolution {
  readonly alertId: string;
  readonly why: string;
  /** What somebody did to solve the problem. */
  readonly actionTaken?: string | undefined;
  readonly details?: object;
}

/** Resolves the alerts that are not resolved yet, and returns them. */
export async function resolveAlerts(
  ctx: TransitionCtx,
  tx: Tx,
  resolutions: readonly Resolution[],
  actor: Caller = detection,
): Promise<LockedAlert[]> {
  if (resolutions.length === 0) return [];
  const wanted = new Map(resolutions.map((resolution) => [resolution.alertId, resolution]));
  const active = (await lockAlerts(tx, [...wanted.keys()])).filter((alert) => alert.status !== 'resolved');
  if (active.length === 0) return [];
  const reasons = active.map(({ id }) => {
    const { why = '', actionTaken = null } = wanted.get(id) ?? {};
    return { id, reason: why, action: actionTaken };
  });
  await setResolved(tx, reasons, actor.name, new Date(ctx.clock.now()));
  await record(
    ctx,
    tx,
    'resolved',
    active.map(toRef),
    ({ id }) => ({ why: wanted.get(id)?.why ?? '', details: wanted.get(id)?.details ?? {} }),
    actor,
  );
  return active;
}

export interface SuppressionChange {
  readonly alertId: string;
  /** null lifts it. */
  readonly by: SuppressionReasonInUse | null;
  readonly reason: string;
}

/** Suppresses or unsuppresses alerts that are not resolved and not in that state already. Returns their ids. */
export async function changeSuppression(
  ctx: TransitionCtx,
  tx: Tx,
  changes: readonly SuppressionChange[],
  actor: Caller = detection,
): Promise<string[]> {
  if (changes.length === 0) return [];
  const wanted = new Map(changes.map((change) => [change.alertId, change]));
  const active = (await lockAlerts(tx, [...wanted.keys()])).filter(
    (alert) => alert.status !== 'resolved' && alert.suppressed_by !== (wanted.get(alert.id)?.by ?? null),
  );
  if (active.length === 0) return [];
  await setSuppressed(
    tx,
    active.flatMap(({ id }) => {
      const change = wanted.get(id);
      return change === undefined
        ? []
        : [{ id, by: change.by, reason: change.by === null ? null : change.reason }];
    }),
  );
  const told = ({ id }: AlertRef) => ({
    why: wanted.get(id)?.reason ?? '',
    details: { by: wanted.get(id)?.by ?? null },
  });
  const isLifted = (alert: LockedAlert) => wanted.get(alert.id)?.by === null;
  await record(ctx, tx, 'suppressed', active.filter((alert) => !isLifted(alert)).map(toRef), told, actor);
  await record(ctx, tx, 'unsuppressed', active.filter(isLifted).map(toRef), told, actor);
  return active.map((alert) => alert.id);
}

export interface Escalation {
  readonly alertId: string;
  /** 1 for the first escalation, 2 for the next. */
  readonly level: number;
  readonly why: string;
  readonly details: object;
}

/**
 * Records that nobody acknowledged these alerts in time: once per alert and level, and the levels in order. The answer
 * leaves out alerts that are acknowledged, suppressed or over.
 */
export async function escalateAlerts(
  ctx: TransitionCtx,
  tx: Tx,
  escalations: readonly Escalation[],
): Promise<string[]> {
  if (escalations.length === 0) return [];
  const wanted = new Map(escalations.map((escalation) => [escalation.alertId, escalation]));
  const locked = await lockAlerts(tx, [...wanted.keys()]);
  // Count after locking: another process may have recorded this level while this one waited.
  const levels = await countEscalations(tx, [...wanted.keys()]);
  const due = locked.filter(
    ({ id, status, suppressed_by: suppressedBy }) =>
      status === 'open' && suppressedBy === null && wanted.get(id)?.level === (levels.get(id) ?? 0) + 1,
  );
  if (due.length === 0) return [];
  const ids = due.map((alert) => alert.id);
  await setEscalated(tx, ids, new Date(ctx.clock.now()));
  await record(ctx, tx, 'escalated', due.map(toRef), ({ id }) => {
    const { why = '', level = 1, details = {} } = wanted.get(id) ?? {};
    return { why, details: { ...details, level } };
  });
  return ids;
}

/** Adds a line to the timelines of open alerts whose condition changed. It notifies nobody. Returns their ids. */
export async function noteRecurrences(
  ctx: TransitionCtx,
  tx: Tx,
  notes: readonly { alertId: string; why: string; details: object }[],
): Promise<string[]> {
  if (notes.length === 0) return [];
  const wanted = new Map(notes.map((note) => [note.alertId, note]));
  const active = (await lockAlerts(tx, [...wanted.keys()])).filter((alert) => alert.status !== 'resolved');
  await record(ctx, tx, 'recurred', active.map(toRef), ({ id }) => ({
    why: wanted.get(id)?.why ?? '',
    details: wanted.get(id)?.details ?? {},
  }));
  return active.map(({ id }) => id);
}

interface AlertRef {
  readonly id: string;
  readonly organizationId: string;
}

function toRef(alert: LockedAlert): AlertRef {
  return { id: alert.id, organizationId: alert.organization_id };
}

type Told = Pick<NewTransition, 'why' | 'details'> & { note?: string | null };

async function record(
  ctx: TransitionCtx,
  tx: Tx,
  kind: AlertTransitionKind,
  alerts: readonly AlertRef[],
  tell: (alert: AlertRef) => Told,
  actor: Caller = detection,
): Promise<void> {
  if (alerts.length === 0) return;
  const transitions = alerts.map((alert): NewTransition => {
    const { why, details, note } = tell(alert);
    return {
      id: newId(),
      organizationId: alert.organizationId,
      alertId: alert.id,
      kind,
      actor,
      why,
      note: note ?? null,
      details,
    };
  });
  await insertTransitions(tx, transitions, new Date(ctx.clock.now()));
  for (const [organizationId, own] of Map.groupBy(transitions, (transition) => transition.organizationId)) {
    await ctx.live.publish(tx, {
      organizationId,
      topic: 'alert',
      ids: own.map((transition) => transition.alertId),
    });
  }
}
