import type { QueueFigures, ServiceStatus, WorkFigures } from '@watchkeeper/contracts/operations';
import type { Severity } from '@watchkeeper/contracts/vocabulary';
import { sql } from 'kysely';
import { alertRows, attentionOfRow, ruleRows } from '#modules/alerting';
import type { Tx } from '#platform/db/database';
import { eventOutbox, readEventFigures } from '#platform/event-store';
import { readDeadLetters } from '#platform/outbox';
import { periodicWorkRows } from '#platform/periodic-rows';
import { toJson } from '#platform/storable';

export interface DatabaseNow {
  size_bytes: number;
  connections: number;
  connections_max: number;
  connections_active: number;
  idle_in_transaction: number;
  waiting_for_locks: number;
  locks: number;
  locks_waiting: number;
  deadlocks: number;
  blocks_read: number;
  blocks_hit: number;
  longest_query_seconds: number;
  longest_transaction_seconds: number;
  largest_tables: { name: string; bytes: number; rows_estimate: number }[] | null;
}

export async function readDatabase(tx: Tx): Promise<DatabaseNow> {
  const { rows } = await sql<{ figures: DatabaseNow }>`select operations_database() as figures`.execute(tx);
  const figures = rows[0]?.figures;
  if (figures === undefined) throw new Error('The database gave no figures of itself.');
  return figures;
}

const queuesMax = 50;

/** Events that wait for their turn or are being worked on. Events for later do not count as waiting. */
export async function readQueue(tx: Tx): Promise<QueueFigures> {
  const figures = await readEventFigures(tx);
  const failed = await readDeadLetters(tx, [eventOutbox]);
  return {
    waiting: figures.reduce((sum, row) => sum + row.waiting, 0),
    active: figures.reduce((sum, row) => sum + row.active, 0),
    oldest_seconds: Math.max(0, ...figures.map((row) => row.oldestSeconds)),
    queues: figures
      .filter((row) => row.waiting + row.active > 0)
      .slice(0, queuesMax)
      .map(({ name, waiting, active }) => ({ name, waiting, active })),
    failed: failed.map(({ name, count, newestAt, error }) => ({
      name,
      count,
      newest_at: newestAt.toISOString(),
      error,
    })),
  };
}

interface WorkRow {
  name: string;
  due_at: Date;
  finished_at: Date | null;
  last_error: string | null;
}

export async function readPeriodicWork(tx: Tx, now: Date): Promise<WorkFigures[]> {
  const { rows } =
    await sql<WorkRow>`select name, due_at, finished_at, last_error from ${periodicWorkRows} w order by name`.execute(
      tx,
    );
  return rows.map((row) => ({
    name: row.name,
    due_at: row.due_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    late_seconds: Math.max(0, (now.getTime() - row.due_at.getTime()) / 1000),
    last_error: row.last_error,
  }));
}

export interface AlertNumbers {
  open: Record<Severity, number>;
  acknowledged: number;
  suppressed: number;
}

/** Muted alerts are counted separately, because nobody needs to act on them. */
export async function countAlerts(tx: Tx, organizationId: string): Promise<AlertNumbers> {
  const { rows } = await sql<{ severity: string; open: number; acknowledged: number; suppressed: number }>`
    select a.severity, (count(*) filter (where ${attentionOfRow} = 'needs_you'))::int as open,
      (count(*) filter (where ${attentionOfRow} = 'in_hand'))::int as acknowledged,
      (count(*) filter (where ${attentionOfRow} in ('under_maintenance', 'muted')))::int as suppressed
    from ${alertRows} a where a.organization_id = ${organizationId} and a.status <> 'resolved' group by 1`.execute(
    tx,
  );
  const of = (severity: Severity) => rows.find((row) => row.severity === severity)?.open ?? 0;
  return {
    open: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low') },
    acknowledged: rows.reduce((sum, row) => sum + row.acknowledged, 0),
    suppressed: rows.reduce((sum, row) => sum + row.suppressed, 0),
  };
}

export async function countRules(tx: Tx, organizationId: string): Promise<{ enabled: number; all: number }> {
  const { rows } = await sql<{ enabled: number; all: number }>`
    select (count(*) filter (where enabled))::int as enabled, count(*)::int as all
    from ${ruleRows} r where organization_id = ${organizationId}`.execute(tx);
  return rows[0] ?? { enabled: 0, all: 0 };
}

export interface Look {
  service: string;
  status: ServiceStatus;
  output: string | null;
}

/**
 * Stores the present status. The last stretch is extended while the status is the same and no look was missed;
 * otherwise a new stretch begins.
 */
export async function noteHealth(
  tx: Tx,
  looks: readonly Look[],
  now: Date,
  gapSeconds: number,
): Promise<void> {
  await sql`
    with seen as (
      select * from jsonb_to_recordset(${toJson(looks)}::jsonb) as s(service text, status text, output text)
    ), last as (
      select distinct on (h.service) h.service, h.from_at, h.to_at, h.status from service_health h join seen s on s.service = h.service
      order by h.service, h.from_at desc
    ), grown as (
      update service_health h set to_at = ${now}, output = s.output
      from last l join seen s on s.service = l.service and s.status = l.status
      where h.service = l.service and h.from_at = l.from_at and l.to_at >= ${new Date(now.getTime() - gapSeconds * 1000)}
      returning h.service
    )
    -- A stretch that ends because the status changed ends now, not at the look before.
    , ended as (
      update service_health h set to_at = ${now} from last l join seen s on s.service = l.service and s.status <> l.status
      where h.service = l.service and h.from_at = l.from_at and l.to_at >= ${new Date(now.getTime() - gapSeconds * 1000)}
      returning h.service
    )
    insert into service_health (service, from_at, to_at, status, output)
    select service, ${now}, ${now}, status, output from seen where service not in (select service from grown)
    on conflict do nothing`.execute(tx);
}

export interface HealthSpan {
  from_at: Date;
  to_at: Date;
  status: ServiceStatus;
  output: string | null;
}

/** The newest `limit` stretches, oldest first. */
export async function listHealth(tx: Tx, service: string, from: Date, limit: number): Promise<HealthSpan[]> {
  const { rows } = await sql<HealthSpan>`
    select from_at, to_at, status, output from service_health where service = ${service} and to_at >= ${from}
    order by from_at desc limit ${limit}`.execute(tx);
  return rows.reverse();
}

export async function listCurrentHealth(tx: Tx): Promise<(HealthSpan & { service: string })[]> {
  const { rows } = await sql<HealthSpan & { service: string }>`
    select distinct on (service) service, from_at, to_at, status, output from service_health
    order by service, from_at desc`.execute(tx);
  return rows;
}

export async function deleteHealthBefore(tx: Tx, before: Date): Promise<void> {
  await sql`delete from service_health where to_at < ${before}`.execute(tx);
}
