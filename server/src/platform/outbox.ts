import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './db/database.ts';

/**
 * A table whose rows are worked on once, after the change that wrote them. The rows decide; a wake-up only saves time.
 * Such a table has `organization_id`, `id`, `planned_at` (null: not yet), `plan_attempts`, `plan_after` and
 * `plan_error` (why it was given up). All these times are of the database's clock.
 */
export interface Outbox<Row extends object = object> {
  /** Its name in health, metrics and commands, in the plural: "2 changes of alerts". */
  readonly name: string;
  readonly table: string;
  /** Columns that the worker needs beside `id`, under the names that the worker uses. */
  readonly columns: Readonly<Record<keyof Row & string, string>>;
  /** The order of the rows; the id decides between equal ones. */
  readonly oldestBy: string;
  /** The name under which given-up rows are listed; left out: the outbox's name. */
  readonly part?: RawBuilder<unknown>;
}

export type Waiting<Row extends object = object> = Row & { readonly id: string; readonly attempts: number };

export function defineOutbox<Row extends object>(outbox: Outbox<Row>): Outbox<Row> {
  return outbox;
}

/** Organizations with rows to work on, at most `limit`. Across tenants. */
export async function listWaiting(tx: Tx, outbox: Outbox, limit: number): Promise<string[]> {
  const { rows } = await sql<{ organization_id: string }>`
    select distinct organization_id from ${sql.table(outbox.table)}
    where planned_at is null and plan_after <= clock_timestamp() limit ${limit}`.execute(tx);
  return rows.map((row) => row.organization_id);
}

/** The oldest rows, locked until the transaction ends. If the process dies, the locks are released. */
export async function claimWaiting<Row extends object>(
  tx: Tx,
  outbox: Outbox<Row>,
  organizationId: string,
  limit: number,
): Promise<Waiting<Row>[]> {
  const columns = Object.entries<string>(outbox.columns).map(
    ([name, column]) => sql`${sql.ref(column)} as ${sql.ref(name)}`,
  );
  const { rows } = await sql<Waiting<Row>>`
    select ${sql.join([sql`id`, sql`plan_attempts as attempts`, ...columns])} from ${sql.table(outbox.table)}
    where organization_id = ${organizationId} and planned_at is null and plan_after <= clock_timestamp()
    order by ${sql.ref(outbox.oldestBy)}, id limit ${limit} for update skip locked`.execute(tx);
  return rows;
}

/** Marks these rows as worked on. With an error they are given up: dead letters, until somebody retries them. */
export async function settleWaiting(
  tx: Tx,
  outbox: Outbox,
  organizationId: string,
  ids: readonly string[],
  error: string | null = null,
): Promise<void> {
  await sql`
    update ${sql.table(outbox.table)} set planned_at = clock_timestamp(), plan_error = ${error}
    where organization_id = ${organizationId} and id = any(${[...ids]}::uuid[])`.execute(tx);
}

/** A failed row is due again later. The others do not wait for it. */
export async function postponeWaiting(
  tx: Tx,
  outbox: Outbox,
  organizationId: string,
  id: string,
  delaySeconds: number,
): Promise<void> {
  await sql`
    update ${sql.table(outbox.table)} set plan_attempts = plan_attempts + 1,
      plan_after = clock_timestamp() + make_interval(secs => ${delaySeconds})
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

export interface OutboxFigures {
  readonly waiting: number;
  readonly oldestSeconds: number;
  /** Given up within the requested time. */
  readonly failed: number;
}

/** For the whole installation. */
export async function readOutbox(tx: Tx, outbox: Outbox, failedSeconds: number): Promise<OutboxFigures> {
  const table = sql.table(outbox.table);
  const { rows } = await sql<OutboxFigures>`
    select (select count(*)::int from ${table} where planned_at is null) as waiting,
      (select coalesce(max(extract(epoch from clock_timestamp() - plan_after)), 0)::float8
        from ${table} where planned_at is null) as "oldestSeconds",
      (select count(*)::int from ${table} where plan_error is not null
        and planned_at > clock_timestamp() - make_interval(secs => ${failedSeconds})) as failed`.execute(tx);
  return rows[0] ?? { waiting: 0, oldestSeconds: 0, failed: 0 };
}

export interface DeadLetters {
  readonly outbox: string;
  readonly name: string;
  readonly count: number;
  readonly newestAt: Date;
  readonly error: string | null;
}

const partsMax = 50;

/** Rows that were given up and not retried, by outbox and part, newest first. Across tenants. */
export async function readDeadLetters(tx: Tx, outboxes: readonly Outbox[]): Promise<DeadLetters[]> {
  const found: DeadLetters[] = [];
  for (const outbox of outboxes) {
    const { rows } = await sql<Omit<DeadLetters, 'outbox'>>`
      select ${outbox.part ?? sql`${outbox.name}::text`} as name, count(*)::int as count, max(planned_at) as "newestAt",
        (array_agg(plan_error order by planned_at desc))[1] as error
      from ${sql.table(outbox.table)} where plan_error is not null group by 1 order by 3 desc limit ${partsMax}`.execute(
      tx,
    );
    found.push(...rows.map((row) => ({ outbox: outbox.name, ...row })));
  }
  return found;
}

/** Retries dead letters as if they were new. Returns how many. */
export async function retryDeadLetters(tx: Tx, outboxes: readonly Outbox[]): Promise<number> {
  let count = 0;
  for (const outbox of outboxes) {
    const { numAffectedRows } = await sql`
      update ${sql.table(outbox.table)} set planned_at = null, plan_error = null, plan_attempts = 0,
        plan_after = clock_timestamp() where plan_error is not null`.execute(tx);
    count += Number(numAffectedRows ?? 0);
  }
  return count;
}

/** Discards dead letters: nobody will be notified, and they no longer count. Returns how many. */
export async function discardDeadLetters(tx: Tx, outboxes: readonly Outbox[]): Promise<number> {
  let count = 0;
  for (const outbox of outboxes) {
    const { numAffectedRows } = await sql`
      update ${sql.table(outbox.table)} set plan_error = null where plan_error is not null`.execute(tx);
    count += Number(numAffectedRows ?? 0);
  }
  return count;
}
