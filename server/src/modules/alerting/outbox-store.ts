import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/**
 * The outbox of alerts: a transition whose `planned_at` is null has not been told yet. It is written in the
 * transaction that changes the alert, so no process can die between the two. Times are the database's.
 */

/** Organizations with transitions to tell, at most `limit`. Across tenants. */
export async function listUnplanned(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ organization_id: string }>`
    select distinct organization_id from alert_transitions
    where planned_at is null and plan_after <= clock_timestamp() limit ${limit}`.execute(tx);
  return rows.map((row) => row.organization_id);
}

export interface Unplanned {
  readonly id: string;
  readonly alertId: string;
  readonly attempts: number;
}

/** The oldest transitions to tell, held until the transaction ends; a process that dies lets go of them. */
export async function claimUnplanned(tx: Tx, organizationId: string, limit: number): Promise<Unplanned[]> {
  const { rows } = await sql<Unplanned>`
    select id, alert_id as "alertId", plan_attempts as attempts from alert_transitions
    where organization_id = ${organizationId} and planned_at is null and plan_after <= clock_timestamp()
    order by at, id limit ${limit} for update skip locked`.execute(tx);
  return rows;
}

export async function setPlanned(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  error: string | null = null,
): Promise<void> {
  await sql`
    update alert_transitions set planned_at = clock_timestamp(), plan_error = ${error}
    where organization_id = ${organizationId} and id = any(${[...ids]}::uuid[])`.execute(tx);
}

/** One that could not be planned comes up again later; the others do not wait for it. */
export async function postponePlanning(
  tx: Tx,
  organizationId: string,
  id: string,
  delaySeconds: number,
): Promise<void> {
  await sql`
    update alert_transitions set plan_attempts = plan_attempts + 1,
      plan_after = clock_timestamp() + make_interval(secs => ${delaySeconds})
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

/** What the whole install has not told yet: how many transitions, and how long the oldest has waited. */
export async function readUnplanned(
  tx: Tx,
  failedSeconds: number,
): Promise<{ waiting: number; oldestSeconds: number; failed: number }> {
  const { rows } = await sql<{ waiting: number; oldestSeconds: number; failed: number }>`
    select (select count(*)::int from alert_transitions where planned_at is null) as waiting,
      (select coalesce(max(extract(epoch from clock_timestamp() - plan_after)), 0)::float8
        from alert_transitions where planned_at is null) as "oldestSeconds",
      (select count(*)::int from alert_transitions where plan_error is not null
        and planned_at > clock_timestamp() - make_interval(secs => ${failedSeconds})) as failed`.execute(tx);
  return rows[0] ?? { waiting: 0, oldestSeconds: 0, failed: 0 };
}
