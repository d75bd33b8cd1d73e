import { sql } from 'kysely';

/** What higher floors join with; see platform/db/shown.ts. */

/** Secrets are sealed. */
export const sourceRows = sql`(select organization_id, id, slug, kind, config, secrets, version, check_id, created_at,
  updated_at from sources)`;

/** What the last reading of each source left. */
export const readingRows = sql`(select source_id, read_at, objects, not_before from source_readings)`;
