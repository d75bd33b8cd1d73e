import { sql } from 'kysely';
import { siteRows } from '#modules/inventory';
import type { SearchPart } from '#platform/search';

/** Incidents are searched among this many of the newest. */
const incidentsMax = 2_000;

/** By title, site, or number, as "#12". */
export const incidentSearch: SearchPart = {
  kind: 'incident',
  order: 10,
  from: (organizationId) =>
    sql`(select * from incidents i where organization_id = ${organizationId} order by opened_at desc limit ${incidentsMax}) a
      left join ${siteRows} s on s.id = a.site_id`,
  slug: sql`'#' || a.number`,
  name: sql`a.title`,
  status: sql`a.status`,
  at: sql`a.opened_at`,
};
