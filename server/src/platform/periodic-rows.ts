import { sql } from 'kysely';

/** The rows that modules on higher floors may read; see db/shown.ts. */
export const periodicWorkRows = sql`(select name, due_at, finished_at, last_error from periodic_work)`;
