import { sql } from 'kysely';
import type { ClockRule } from './clock-step.ts';
import type { Tx } from './db/database.ts';

/** An outage of our own, without any process receiving heartbeats. Stored with the beat that ends it; see watch.ts. */
export interface WatchGap {
  readonly from: Date;
  readonly to: Date;
}

const gapsMax = 10_000;

export async function readWatchGaps(tx: Tx, from: Date, to: Date): Promise<WatchGap[]> {
  const { rows } = await sql<WatchGap>`
    select started_at as "from", ended_at as "to" from watch_gaps
    where ended_at > ${from} and started_at < ${to} order by started_at limit ${gapsMax}`.execute(tx);
  return rows;
}

export async function deleteWatchGapsBefore(tx: Tx, before: Date): Promise<void> {
  await sql`delete from watch_gaps where ended_at < ${before}`.execute(tx);
}

/** A gap that ends in the future was stamped by a wrong clock. It is set to end now. */
export const watchGapsRule: ClockRule = {
  table: 'watch_gaps',
  columns: ['started_at', 'ended_at'],
  past: ['started_at', 'ended_at'],
  async heal(tx, { now }) {
    const gone = await sql`delete from watch_gaps where started_at >= ${now}`.execute(tx);
    const cut = await sql`update watch_gaps set ended_at = ${now} where ended_at > ${now}`.execute(tx);
    return Number(gone.numAffectedRows ?? 0) + Number(cut.numAffectedRows ?? 0);
  },
};
