import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Rows for higher floors to join with, see platform/db/shown.ts. */

export const checkRows = sql`(select organization_id, id, slug, name, kind, site_id, device_id, enabled from checks)`;

/** A check that is switched off has no `next_due_at`. */
export const checkStateRows = sql`(select organization_id, check_id, status, since, reason, consecutive_failures,
  last_at, last_total_ms, next_due_at from check_state)`;

/** Partitioned by `at`. Readers must limit it by a time that is known when the statement is planned. */
export const checkResultRows = sql`(select at, organization_id, check_id, outcome, status, total_ms, reason
  from check_results)`;

/** Locks the states of these checks, in the same order as their recorder. */
export async function lockCheckStates(tx: Tx, checkIds: readonly string[]): Promise<void> {
  await sql`select from check_state where check_id = any(${[...checkIds]}::uuid[]) order by check_id for no key update`.execute(
    tx,
  );
}
