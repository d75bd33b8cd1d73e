import type { Ctx } from '#platform/context';
import { findDependencyDrift } from './dependency-store.ts';
import {
  type DetectionState,
  findDueEscalations,
  findOrphans,
  insertWatchGap,
  listOrganizationsOf,
  readPulse,
  saveSuspicion,
  saveTick,
} from './detection-store.ts';
import { lockDevices } from './device-store.ts';
import type { Moment } from './kind.ts';
import { readMoment } from './moment.ts';
import { isPaused, looksLikeOurs, nextSuspicion, pausedReason, pulseSpans } from './outage-guard.ts';
import { ruleKinds } from './registry.ts';
import { chunkMax, sweepKind } from './sweep.ts';
import { changeSuppression, dependencyReason, escalateAlerts, resolveAlerts } from './transition.ts';
import { rewatchDevices } from './watch-devices.ts';
import { durationWords } from './words.ts';

/** Each upkeep step works off at most this many chunks per tick; the rest waits for the next one. */
const chunksMax = 200;
const toldOrganizationsMax = 200;

/** One round over everything that silence, time or an operator may have changed. One failing part does not stop the others. */
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
  for (const kind of ruleKinds) {
    const guard = kind.restsOnSilence
      ? (now: Moment, found: readonly string[]) => guardSilence(ctx, now, state, found)
      : undefined;
    await attempt(kind.kind, () => sweepKind(ctx, kind, moment, signal, guard));
  }
  await attempt('orphans', () => closeOrphans(ctx, signal));
  await attempt('dependencies', () => alignDependencies(ctx, signal));
  await attempt('escalation', () => escalateOverdue(ctx, moment.now, signal));
  await attempt('state', () => rememberTick(ctx, moment, state, ctx.clock.monotonic() - started));
  if (failures.length > 0) throw new AggregateError(failures, 'The detection tick was incomplete.');
}

/** Looks at the whole fleet's pulse only when somebody fell silent; see outage-guard.ts for the rule. */
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
  await inRounds(signal, () =>
    ctx.db.system(async (tx) => {
      const orphans = await findOrphans(tx, chunkMax);
      const devices = orphans.flatMap((orphan) => (orphan.device_id === null ? [] : [orphan.device_id]));
      await lockDevices(tx, devices);
      await resolveAlerts(
        ctx,
        tx,
        orphans.map((orphan) => ({ alertId: orphan.alert_id, why: orphan.reason })),
      );
      await rewatchDevices(tx, devices);
      return orphans.length;
    }),
  );
}

/** Parents fall and recover at their own time; their children's suppression follows. */
async function alignDependencies(ctx: Ctx, signal: AbortSignal): Promise<void> {
  await inRounds(signal, () =>
    ctx.db.system(async (tx) => {
      const drift = await findDependencyDrift(tx, chunkMax);
      await changeSuppression(
        ctx,
        tx,
        drift.map(({ alert_id: alertId, parent_name: parent }) =>
          parent === null
            ? { alertId, by: null, reason: 'What it depends on is up again.' }
            : { alertId, by: 'dependency', reason: dependencyReason(parent) },
        ),
      );
      return drift.length;
    }),
  );
}

async function escalateOverdue(ctx: Ctx, now: Date, signal: AbortSignal): Promise<void> {
  await inRounds(signal, () =>
    ctx.db.system(async (tx) => {
      const due = await findDueEscalations(tx, now, chunkMax);
      await escalateAlerts(
        ctx,
        tx,
        due.map((alert) => ({
          alertId: alert.alert_id,
          why: `Nobody acknowledged it within ${durationWords(alert.escalate_after)}.`,
          details: { escalate_to_channels: alert.channels },
        })),
      );
      return due.length;
    }),
  );
}

async function inRounds(signal: AbortSignal, round: () => Promise<number>): Promise<void> {
  for (let count = 0; count < chunksMax && !signal.aborted; count += 1) {
    if ((await round()) < chunkMax) return;
  }
}

/** Also notes where our own watch had a gap, for backtests: between the last tick that saw intake up and its return. */
async function rememberTick(ctx: Ctx, moment: Moment, state: DetectionState, ms: number): Promise<void> {
  const { now, watch } = moment;
  const returned = state.watchingSince !== null && watch.watchingSince > state.watchingSince;
  await ctx.db.system(async (tx) => {
    if (returned && state.watchedUntil !== null)
      await insertWatchGap(tx, state.watchedUntil, watch.watchingSince);
    await saveTick(tx, {
      at: now,
      ms,
      watchingSince: watch.watchingSince,
      watchedUntil: watch.intakeUp ? now : null,
    });
  });
}
