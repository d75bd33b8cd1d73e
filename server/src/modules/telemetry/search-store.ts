import { sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import type { SearchPart } from '#platform/search';
import { deviceStateRows } from './door-store.ts';

export const deviceSearch: SearchPart = {
  kind: 'device',
  order: 1,
  from: () =>
    sql`${deviceRows} a join ${siteRows} s on s.id = a.site_id left join ${deviceStateRows} ds on ds.device_id = a.id`,
  where: sql`a.retired_at is null`,
  status: sql`coalesce(ds.status, 'unknown')`,
};
