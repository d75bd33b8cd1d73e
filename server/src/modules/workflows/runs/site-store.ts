import { sql } from 'kysely';
import { type isOpen, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';

export interface SiteHours {
  readonly opening_hours: Parameters<typeof isOpen>[0];
  readonly timezone: string;
}

export async function readHours(tx: Tx, siteId: string): Promise<SiteHours | undefined> {
  const { rows } = await sql<SiteHours>`
    select s.opening_hours, s.timezone from ${siteRows} s where s.id = ${siteId}`.execute(tx);
  return rows[0];
}
