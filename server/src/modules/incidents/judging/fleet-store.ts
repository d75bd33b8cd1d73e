import { sql } from 'kysely';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';

/** Devices of one site that were heard not long ago, and those of them that are lost since `lostSince`. */
export interface SitePulse {
  readonly site_id: string;
  readonly devices: number;
  readonly quiet: number;
}

/** Of all organizations: whether the fault is ours is seen in all of them. */
export async function selectPulses(tx: Tx, heardSince: Date, lostSince: Date): Promise<SitePulse[]> {
  const { rows } = await sql<SitePulse>`
    select site_id, count(*)::int as devices,
      (count(*) filter (where status = 'offline' and status_since >= ${lostSince}))::int as quiet
    from ${deviceStateRows} ds where last_seen_at >= ${heardSince} group by site_id`.execute(tx);
  return rows;
}
