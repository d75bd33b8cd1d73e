import { sql } from 'kysely';
import { siteRows } from '#modules/inventory';
import { sourceRows } from '#modules/sources';
import type { SearchPart } from '#platform/search';
import { checkRows, checkStateRows } from './door-store.ts';

export const checkSearch: readonly SearchPart[] = [
  {
    kind: 'check',
    order: 6,
    from: () =>
      sql`${checkRows} a left join ${siteRows} s on s.id = a.site_id left join ${checkStateRows} cs on cs.check_id = a.id`,
    // The check that reads a source is found as that source.
    where: sql`a.kind <> 'source'`,
    status: sql`case when a.enabled then cs.status else 'off' end`,
  },
  {
    kind: 'source',
    order: 7,
    from: () => sql`${sourceRows} a join ${checkRows} c on c.id = a.check_id left join ${checkStateRows} cs on cs.check_id = c.id
      left join ${siteRows} s on s.id = c.site_id`,
    name: sql`c.name`,
    // The check becomes down only after some failures. A source that never answered is shown as failing, not as
    // waiting.
    status: sql`case when not c.enabled then 'off' when cs.status = 'pending' and cs.consecutive_failures > 0 then 'failing'
      else cs.status end`,
  },
];
