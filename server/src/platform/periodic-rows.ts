import { sql } from 'kysely';

/** Shown to the floors above; see db/shown.ts. */
export const periodicWorkRows = sql`(select name, due_at, finished_at, last_error from periodic_work)`;
