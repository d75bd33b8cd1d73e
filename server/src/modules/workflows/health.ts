import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { readBacklog } from './runs/run-store.ts';

/** A worker looks every two seconds; a longer wait means that none works, or that all are busy. */
const lateSecondsMax = 60;

/** Whether the steps of workflows are done. One answer for all organizations, without names. */
export async function checkWorkflows(
  ctx: Pick<Ctx, 'db' | 'clock'>,
): Promise<{ status: 'pass' | 'warn'; output?: string; observed_value: number; observed_unit: string }> {
  // Across tenants: one figure for the install.
  const backlog = await ctx.db.system((tx) => readBacklog(tx, nowDate(ctx.clock)));
  const late = backlog.oldestSeconds > lateSecondsMax;
  const output = `${backlog.count} runs of workflows wait, the first for ${Math.round(backlog.oldestSeconds)} s; is a worker running?`;
  return {
    status: late ? 'warn' : 'pass',
    ...(late ? { output } : {}),
    observed_value: backlog.count,
    observed_unit: 'waiting',
  };
}
