import { sql } from 'kysely';

/** Rows for higher floors to join with; see platform/db/shown.ts. */

export const siteRows = sql`(select organization_id, id, slug, name, timezone, opening_hours from sites)`;

export const areaRows = sql`(select organization_id, id, site_id, slug, name, position from areas)`;

export const deviceTypeRows = sql`(select organization_id, id, slug, name, check_interval_seconds, timeout_seconds,
  retries, alert_after_failures, recover_after_successes, check_method from device_types)`;

/** Retired devices as well: their `retired_at` says so. */
export const deviceRows = sql`(select organization_id, id, key, site_id, area_id, type_id, slug, name, retired_at,
  created_at from devices)`;

export const deviceDependencyRows = sql`(select device_id, depends_on_device_id from device_dependencies)`;
