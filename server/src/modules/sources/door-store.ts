import { sql } from 'kysely';

/** Rows for higher floors to join with, see platform/db/shown.ts. */

/** The secrets are encrypted. */
export const sourceRows = sql`(select organization_id, id, slug, kind, config, secrets, version, check_id, created_at,
  updated_at from sources)`;

/** The result of the last reading of each source. */
export const readingRows = sql`(select source_id, read_at, objects, not_before from source_readings)`;
