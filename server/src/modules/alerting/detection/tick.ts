import { lockDeviceStates } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { Moment } from '../judgement.ts';
import { followMaintenance, reportEnded } from '../maintenance/follow-maintenance.ts';
import { findMaintenanceOf } from '../maintenance/maintenance-store.ts';
import { judgeLateSpans } from '../past/judge-late.ts';
import { judgePastSilences, leftToJobsSeconds } from '../past/judge-silence.ts';
import { ruleKinds } from '../registry.ts';
import { changeSuppression, resolveAlerts } from '../transition.ts';
import { dependencyReason } from './born-suppressed.ts';
import { type DependentAlert, listDependentAlerts } from './dependency-store.ts';
import {
  type DetectionState,
  listOrganizationsOf,
  readPulse,
  saveSuspicion,
  saveTick,
} from './detection-store.ts';
import { readMoment } from './moment.ts';
import { findOrphans, type Orphan } from './orphan-store.ts';
import { isPaused, looksLikeOurs, nextSuspicion, pausedReason, pulseSpans } from './outage-guard.ts';
import { findParentsDown } from './standing.ts';
import { chunkMax, sweepDevices, sweepEvents } from './sweep.ts';
import { rewatchDevices } from './watch-devices.ts';

/** Each upkeep step handles at most this many chunks per tick. The next tick handles the rest. */
const chunksMax = 200;
const toldOrganizationsMax = 200;

const deviceKinds = ruleKinds.all.filter((kind) => kind.wakesOn === 'heartbeats');
/** The events are counted, or the checks judged, elsewhere, so each of these kinds looks at everything at once. */
const eventKinds = ruleKinds.all.filter((kind) => kind.wakesOn !== 'heartbeats');

/** Judges everything that silence, time or an operator may have changed. A part that fails does not stop the others. */
export async function tick(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const started = ctx.clock.monotonic();
  const { moment, state } = await ctx.db.system((tx) => readMoment(ctx, tx));
  const failures: unknown[] = [];
  const attempt = async (part: string, work: () => Promise<unknown>): Promise<void> => {
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      ctx.log.error({ err: error, part }, 'a part of the detection tick failed');
      failures.push(error);
    }
  };
  // First, so that no kind judges an alert that its rule no longer watches.
  await attempt('orphans', () => closeOrphans(ctx, signal));
  const devices = attempt('devices', () =>
    sweepDevices(ctx, deviceKinds, moment, signal, (before, silent) =>
      guardSilence(ctx, before, state, silent),
    ),
  );
  // At the same time: the sweep of devices waits for the pass over device_state, the others for their plans.
  for (const kind of eventKinds) await attempt(kind.kind, () => sweepEvents(ctx, kind, moment, {}));
  await devices;
  const lost = new Date(moment.now.getTime() - leftToJobsSeconds * 1_000);
  await attempt('past silences', () => judgePastSilences(ctx, moment, { endedBy: lost }));
  await attempt('late events', () => judgeLateSpans(ctx, { notedBy: lost }));
  await attempt('maintenance', () => followMaintenance(ctx, moment.now, signal));
  await attempt('reports', () => reportEnded(ctx, signal));
  await attempt('dependencies', () => alignDependencies(ctx, moment.now, signal));
  const ms = ctx.clock.monotonic() - started;
  await attempt('state', () => ctx.db.system((tx) => saveTick(tx, { at: moment.now, ms })));
  if (failures.length > 0) throw new AggregateError(failures, 'The detection tick was incomplete.');
}

/** Looks at the whole fleet only when a device fell silent; outage-guard.ts has the rule. */
async function guardSilence(
  ctx: Ctx,
  moment: Moment,
  state: DetectionState,
  found: readonly string[],
): Promise<Moment> {
  const { now, limits } = moment;
  if (found.length === 0 && state.suspectedSince === null) return moment;
  const { recentSince, quietSince } = pulseSpans(
    now,
    limits.offlineSeconds,
    ctx.config.alerting.checkIntervalSeconds,
  );
  return await ctx.db.system(async (tx) => {
    const pulse = await readPulse(tx, recentSince, quietSince);
    const since = nextSuspicion(state.suspectedSince, looksLikeOurs(pulse), now);
    if (since?.getTime() !== state.suspectedSince?.getTime()) {
      await saveSuspicion(tx, now, since === null ? null : { since, details: pulse });
      for (const organizationId of await listOrganizationsOf(tx, found, toldOrganizationsMax)) {
        await ctx.live.publish(tx, { organizationId, topic: 'watch', ids: [] });
      }
      if (since === null)
        ctx.log.info({ pulse }, 'heartbeats come in again: the suspicion of an outage of ours is over');
      else
        ctx.log.warn(
          { pulse },
          'heartbeats collapsed across sites: this may be an outage of ours, silence is not judged for a while',
        );
    }
    if (!isPaused(since, now, limits.offlineSeconds))
      return moment.pausedReason === null ? moment : { ...moment, pausedReason: null };
    return { ...moment, pausedReason };
  });
}

async function closeOrphans(ctx: Ctx, signal: AbortSignal): Promise<void> {
  for (let chunk = 0; chunk < chunksMax && !signal.aborted; chunk += 1) {
    const full = await ctx.db.system(async (tx) => {
      const orphans = await findOrphans(tx, chunkMax);
      if (orphans.length === 0) return false;
      const devices = devicesOf(orphans);
      // In the order of docs/lock-order.md: devices, then alerts by id.
      await lockDeviceStates(tx, devices);
      await resolveAlerts(
        ctx,
        tx,
        orphans.map(({ alertId, reason }) => ({ alertId, why: reason })),
      );
      await rewatchDevices(tx, devices);
      return orphans.length === chunkMax;
    });
    if (!full) return;
  }
}

function devicesOf(orphans: readonly Orphan[]): string[] {
  return orphans.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId]));
}

/** Suppresses alerts on children when their parents go down, and releases them when the parents recover. */
async function alignDependencies(ctx: Ctx, now: Date, signal: AbortSignal): Promise<void> {
  let after: string | null = null;
  for (let chunk = 0; chunk < chunksMax && !signal.aborted; chunk += 1) {
    const from: string | null = after;
    const last = await ctx.db.system(async (tx) => {
      const alerts = await listDependentAlerts(tx, from, chunkMax);
      await alignAlerts(ctx, tx, alerts, now);
      return alerts.length < chunkMax ? undefined : alerts.at(-1)?.alert_id;
    });
    if (last === undefined) return;
    after = last;
  }
}

async function alignAlerts(ctx: Ctx, tx: Tx, alerts: readonly DependentAlert[], now: Date): Promise<void> {
  const parents = await findParentsDown(ctx, tx, [...new Set(alerts.map((alert) => alert.device_id))]);
  const drift = alerts.filter(({ device_id: id, muted }) => parents.has(id) !== muted);
  const freed = drift.flatMap(({ alert_id: id, muted }) => (muted ? [id] : []));
  const planned = await findMaintenanceOf(tx, freed, now);
  await changeSuppression(
    ctx,
    tx,
    drift.map(({ alert_id: alertId, device_id: deviceId }) => {
      const parent = parents.get(deviceId);
      if (parent !== undefined) return { alertId, by: 'dependency', reason: dependencyReason(parent) };
      const reason = planned.get(alertId);
      return reason === undefined
        ? { alertId, by: null, reason: 'What it depends on is up again.' }
        : { alertId, by: 'maintenance', reason };
    }),
  );
}
