import { sql } from 'kysely';
import { siteRows } from '#modules/inventory';
import type { SearchPart } from '#platform/search';
import { maintenanceWindowRows } from './door-store.ts';

export const maintenanceSearch: SearchPart = {
  kind: 'maintenance',
  order: 8,
  from: () => sql`${maintenanceWindowRows} a left join ${siteRows} s on s.id = a.site_id`,
  where: sql`a.deleted_at is null`,
  name: sql`a.reason`,
};
