import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';

export interface SitePlace {
  id: string;
  slug: string;
  timezone: string;
}

/** Held until the transaction ends: what a window is for cannot vanish meanwhile. */
export async function findSitePlace(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<SitePlace | undefined> {
  const { rows } = await sql<SitePlace>`
    select id, slug, timezone from sites where organization_id = ${organizationId}
      and (slug = ${reference} or id = ${isId(reference) ? reference : null})
    order by (slug = ${reference}) desc limit 1 for key share`.execute(tx);
  return rows[0];
}

export interface Target {
  kind: 'area' | 'device' | 'device_type' | 'check';
  id: string;
  slug: string;
}

/** Areas, devices and checks of the site (null: of all sites) and device types that these words may mean. */
export async function findTargets(
  tx: Tx,
  organizationId: string,
  siteId: string | null,
  words: readonly string[],
): Promise<Target[]> {
  const ids = words.filter(isId);
  const named = sql`organization_id = ${organizationId} and (slug = any(${[...words]}::text[]) or id = any(${ids}::uuid[]))`;
  const here = siteId === null ? sql`true` : sql`site_id = ${siteId}`;
  const { rows } = await sql<Target>`
    select 'area' as kind, id, slug from areas where ${named} and ${here}
    union all select 'device', id, slug from devices where ${named} and ${here}
    union all select 'device_type', id, slug from device_types where ${named}
    union all select 'check', id, slug from checks where ${named} and ${here}
    order by 1, 3, 2`.execute(tx);
  return rows;
}
