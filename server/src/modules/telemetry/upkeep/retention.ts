import { isClockSure } from '#platform/clock-step';
import type { Ctx } from '#platform/context';
import { runtimeOf } from '../runtime.ts';
import { forgetPacked } from './compact-store.ts';
import { dayOf, dayStart, dayText } from './days.ts';
import { dropDaysBefore, makeDaysAhead } from './partitions.ts';
import { deleteEventCounts, deleteEventKeys, deleteLate, deleteStatusChanges } from './purge-store.ts';

const deleteRows = 5_000;
const deleteRoundsMax = 200;

/** Partitions ahead, and the end of what has been kept long enough: whole days where it can be. */
export async function keepDays(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const now = ctx.clock.now();
  const runtime = runtimeOf(ctx);
  await makeDaysAhead(runtime.days, now);
  if (!isClockSure(ctx)) return;
  const today = dayOf(now);
  const firstHeartbeats = today - ctx.config.heartbeat.retentionDays;
  const firstMetrics = today - ctx.config.metrics.retentionDays;
  for (const table of ['heartbeats', 'heartbeat_chunks'] as const)
    await dropDaysBefore(ctx.db, table, firstHeartbeats);
  for (const table of ['heartbeat_rollups', 'events', 'metric_points'] as const) {
    await dropDaysBefore(ctx.db, table, firstMetrics);
  }
  // A dropped partition must be created again if a late row needs it.
  runtime.days.forget();
  await ctx.db.system((tx) => forgetPacked(tx, dayText(firstHeartbeats)));
  await deleteAll(ctx, signal, (tx) => deleteLate(tx, dayStart(firstHeartbeats), deleteRows));
  await deleteAll(ctx, signal, (tx) => deleteEventKeys(tx, dayStart(firstMetrics), deleteRows));
  await deleteAll(ctx, signal, (tx) => deleteStatusChanges(tx, dayStart(firstMetrics), deleteRows));
  await deleteAll(ctx, signal, (tx) => deleteEventCounts(tx, dayStart(firstMetrics), deleteRows));
}

/** In small transactions, so that others do not wait for a large one. */
async function deleteAll(
  ctx: Pick<Ctx, 'db'>,
  signal: AbortSignal,
  some: (tx: Parameters<Parameters<Ctx['db']['system']>[0]>[0]) => Promise<number>,
): Promise<void> {
  for (let round = 0; round < deleteRoundsMax && !signal.aborted; round += 1) {
    if ((await ctx.db.system(some)) < deleteRows) return;
  }
}
