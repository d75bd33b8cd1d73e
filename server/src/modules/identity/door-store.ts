import { sql } from 'kysely';

/** Rows for higher floors to join with; see platform/db/shown.ts. */

export const organizationRows = sql`(select id, slug, name, created_at from organizations)`;

/** Never the token itself, only its prefix. */
export const deviceTokenRows = sql`(select organization_id, device_id, hash from device_tokens)`;
