import { sql } from 'kysely';

/** What higher floors join with; see platform/db/shown.ts. */

export const channelRows = sql`(select organization_id, id, kind, name, enabled from channels)`;
