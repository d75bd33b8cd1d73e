import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts } from '#platform/db/parts';
import type { PeriodicWork } from '#platform/periodic';
import { checkKinds } from '../registry.ts';
import {
  deletePausesBefore,
  deleteSpansBefore,
  findFirstCheckAt,
  insertSpans,
  listCheckIds,
  lockProgress,
  type ResultWindow,
  readProgress,
  saveProgress,
} from './store.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** An hour is summed up this long after its end. By then, all its results have arrived. */
const settleMs = 120_000;
/** Hours per turn after an outage. The next turn continues. */
const hoursMax = 100;
const rollUpSeconds = 300;
const purgeSeconds = 3_600;
const purgeRows = 5_000;
const purgeRoundsMax = 200;
/** The longest uptime window, and a little more. */
export const spanDaysKept = 95;

export const passiveKinds: readonly string[] = checkKinds.all
  .filter((kind) => kind.passive)
  .map((kind) => kind.kind);

/** Turns the results of past hours into stretches. One transaction per hour, so that others do not wait long. */
export async function rollUpUptime(ctx: Ctx, signal: AbortSignal): Promise<void> {
  for (let hour = 0; hour < hoursMax && !signal.aborted; hour += 1) {
    // Across tenants: one statement per hour serves all of them.
    const moved = await ctx.db.system(async (tx) => {
      const now = ctx.clock.now();
      if ((await readProgress(tx)) === undefined && (await findFirstCheckAt(tx)) === null) return false;
      const from = await lockProgress(tx, await firstHour(ctx, tx, now));
      const to = new Date(from.getTime() + hourMs);
      if (to.getTime() + settleMs > now) return false;
      // At midnight a new stretch begins, so that old days can be deleted.
      await sumUp(ctx, tx, { from, to, passiveKinds }, from.getTime() % dayMs !== 0);
      await saveProgress(tx, to);
      return true;
    });
    if (!moved) return;
  }
}

/** All checks in one statement. When one check cannot be summed up, it is left out. */
async function sumUp(
  ctx: Pick<Ctx, 'log'>,
  tx: Tx,
  window: Omit<ResultWindow, 'checkIds'>,
  grow: boolean,
): Promise<void> {
  const { faults } = await inParts(tx, [window], () => insertSpans(tx, { ...window, checkIds: null }, grow));
  if (faults.length === 0) return;
  const { faults: own } = await inParts(tx, await listCheckIds(tx), (checkIds) =>
    insertSpans(tx, { ...window, checkIds }, grow),
  );
  for (const { item, error } of own)
    ctx.log.error(
      { err: error, check_id: item, hour: window.from },
      'the uptime of a check cannot be summed up',
    );
}

/** Where results may begin: at the first check, or at the first day whose single results are still kept. */
async function firstHour(ctx: Pick<Ctx, 'config'>, tx: Tx, now: number): Promise<Date> {
  const first = (await findFirstCheckAt(tx))?.getTime() ?? now;
  const kept = now - ctx.config.checks.resultsRetentionDays * dayMs;
  return new Date(Math.floor(Math.max(first, kept) / hourMs) * hourMs);
}

async function purgeSpans(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const before = new Date(ctx.clock.now() - spanDaysKept * dayMs);
  await ctx.db.system((tx) => deletePausesBefore(tx, before));
  for (let round = 0; round < purgeRoundsMax && !signal.aborted; round += 1)
    if ((await ctx.db.system((tx) => deleteSpansBefore(tx, before, purgeRows))) < purgeRows) return;
}

export const uptimePeriodic: readonly PeriodicWork[] = [
  { name: 'checks.uptime', everySeconds: () => rollUpSeconds, run: rollUpUptime },
  { name: 'checks.uptime_purge', everySeconds: () => purgeSeconds, ends: true, run: purgeSpans },
];
