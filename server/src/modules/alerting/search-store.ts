import { sql } from 'kysely';
import { siteRows } from '#modules/inventory';
import type { SearchPart } from '#platform/search';
import { alertRows, ruleRows } from './door-store.ts';

/** Resolved alerts are searched among this many of the newest. */
const alertsMax = 2_000;

export const alertingSearch: readonly SearchPart[] = [
  {
    kind: 'alert',
    order: 2,
    from: (organizationId) =>
      sql`(select * from ${alertRows} a where organization_id = ${organizationId} order by opened_at desc limit ${alertsMax}) a
        left join ${siteRows} s on s.id = a.site_id`,
    slug: sql`null::text`,
    name: sql`a.title`,
    status: sql`a.status`,
    at: sql`a.opened_at`,
  },
  {
    kind: 'rule',
    order: 4,
    from: () => sql`${ruleRows} a`,
    slug: sql`a.type`,
    site: false,
    status: sql`case when a.enabled then 'enabled' else 'disabled' end`,
  },
];
