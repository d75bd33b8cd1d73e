import { sql } from 'kysely';

/** Rows for higher floors to join with, see platform/db/shown.ts. Present and past runs are in cover-store.ts. */

/** Includes deleted windows. They have a `deleted_at`. */
export const maintenanceWindowRows = sql`(select organization_id, id, slug, site_id, reason, suppress_alerts, deleted_at
  from maintenance_windows)`;
