import { sql } from 'kysely';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { purgeFaulty } from './store.ts';

const dayMs = 86_400_000;
const batchMax = 1_000;
const batchesMax = 200;

/**
 * LOGS_RETENTION_DAYS: deletes the bodies of old check-ins, except the newest one of each check, which people need when
 * the check fails. The check-in itself, with its time and sender, is kept. Deletes also old check-ins that could not be
 * applied.
 */
export async function purgeLogs(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  const before = new Date(ctx.clock.now() - ctx.config.logsRetentionDays * dayMs);
  for (let batch = 0; batch < batchesMax && !signal.aborted; batch += 1) {
    // Across tenants: the retention is the same for the whole installation.
    if ((await ctx.db.system((tx) => dropBodies(tx, before))) < batchMax) break;
  }
  await ctx.db.system((tx) => purgeFaulty(tx, before));
}

async function dropBodies(tx: Tx, before: Date): Promise<number> {
  const result = await sql`
    with old as (
      select p.check_id, p.slot, p.n from check_pings p
      where p.at < ${before} and p.body is not null
        and exists (select from check_pings newer where newer.check_id = p.check_id and newer.n > p.n and newer.body is not null)
      order by p.check_id, p.slot limit ${batchMax}
    )
    update check_pings p set body = null from old where p.check_id = old.check_id and p.slot = old.slot and p.n = old.n`.execute(
    tx,
  );
  return Number(result.numAffectedRows ?? 0n);
}
