import { sql } from 'kysely';

/** Rows for higher floors to join with; see platform/db/shown.ts. */

export const organizationRows = sql`(select id, slug, name, created_at from organizations)`;

export const memberRows = sql`(select organization_id, user_id, role from members)`;

export const userRows = sql`(select id, name, email from users)`;

/** Never the token itself, only its prefix. */
export const deviceTokenRows = sql`(select organization_id, device_id, hash from device_tokens)`;
