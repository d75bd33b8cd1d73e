import { sql } from 'kysely';

/** What higher floors join with; see platform/db/shown.ts. What runs and ran is in cover-store.ts. */

/** Deleted windows as well: their `deleted_at` says so. */
export const maintenanceWindowRows = sql`(select organization_id, id, slug, site_id, reason, suppress_alerts, deleted_at
  from maintenance_windows)`;
