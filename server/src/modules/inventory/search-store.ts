import { sql } from 'kysely';
import type { SearchPart } from '#platform/search';
import { areaRows, siteRows } from './door-store.ts';

/** Devices are found with their status, which is telemetry's. */
export const inventorySearch: readonly SearchPart[] = [
  { kind: 'site', order: 0, from: () => sql`${siteRows} a`, site: false },
  { kind: 'area', order: 3, from: () => sql`${areaRows} a join ${siteRows} s on s.id = a.site_id` },
];
