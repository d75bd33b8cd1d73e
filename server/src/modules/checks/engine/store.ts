import type { CheckStatus, ProbeOutcome } from '@watchkeeper/contracts/checks';
import { sql } from 'kysely';
import { deviceRows, deviceTypeRows } from '#modules/inventory';
import type { Database, Tx } from '#platform/db/database';
import { executeRaw } from '#platform/db/database';
import { textOfRows } from '#platform/db/shown';
import { intervalSecondsMin, settingDefaults } from '../settings.ts';

/** A worker without a beat for this long counts as dead, and loses its leases. */
export const workerSilentMs = 3_000;
/** A dead worker stays known for this long, so that its leases can be recognized. */
const workersKeptSeconds = 60;
/** Added to the longest possible run. */
const leaseSlackSeconds = 30;

/** A check whose turn has come. It is ours until its result is recorded. */
export interface ClaimedCheck {
  readonly check_id: string;
  readonly organization_id: string;
  /** Identifies this claim of the check. A result is accepted only under the claim that is in force. */
  readonly lease: string;
  readonly version: number;
  readonly due_at: Date;
  readonly timeout_seconds: number;
  readonly retries: number;
  readonly alert_after_failures: number;
  readonly recover_after_successes: number;
  readonly status: CheckStatus;
  readonly reason: string | null;
  readonly consecutive_failures: number;
  readonly consecutive_successes: number;
  readonly has_parents: boolean;
}

/**
 * One statement claims many checks: those that are due, and those that a dead worker had claimed and not run. A check
 * keeps its own time grid: missed turns are skipped, not caught up. Due times use the application's clock. Leases and
 * beats use the database's clock, so that a lease never depends on the clocks of two processes.
 */
const claimText = `
  with dead as materialized (
    select id from check_workers where beat_at <= clock_timestamp() - make_interval(secs => ${workerSilentMs / 1_000})
  ), due as (
    select check_id, next_due_at as due_at, false as lost from check_state
    where next_due_at <= $1 and (lease_owner is null or lease_until <= clock_timestamp()
        or lease_owner in (select id from dead) or not exists (select from check_workers w where w.id = lease_owner))
      and organization_id <> all($5::uuid[])
    order by next_due_at limit $3
    for update skip locked
  ), lost as (
    select check_id, $2::timestamptz as due_at, true as lost from check_state
    where exists (select from dead) and lease_owner in (select id from dead) and next_due_at > $1
    limit $3
    for update skip locked
  ), run as (
    select due.check_id, due.due_at, due.lost, c.version,
      greatest(coalesce(c.interval_seconds, t.check_interval_seconds, ${settingDefaults.interval}), ${intervalSecondsMin}) as interval_seconds,
      coalesce(c.timeout_seconds, t.timeout_seconds, ${settingDefaults.timeout}) as timeout_seconds,
      coalesce(c.retries, t.retries, ${settingDefaults.retries}) as retries,
      coalesce(c.alert_after_failures, t.alert_after_failures, ${settingDefaults.alert_after_failures}) as alert_after_failures,
      coalesce(c.recover_after_successes, t.recover_after_successes, ${settingDefaults.recover_after_successes}) as recover_after_successes,
      exists (select from check_dependencies p where p.organization_id = c.organization_id and p.check_id = c.id) as has_parents
    from (select * from due union all select * from lost) due join checks c on c.id = due.check_id
    left join ${textOfRows(deviceRows)} d on d.id = c.device_id left join ${textOfRows(deviceTypeRows)} t on t.id = d.type_id
  )
  update check_state s set lease_owner = $4,
    lease_until = clock_timestamp() + greatest(run.due_at - $2, interval '0')
      + make_interval(secs => (run.timeout_seconds + 1) * (run.retries + 1) + ${leaseSlackSeconds}),
    next_due_at = case when run.lost then s.next_due_at else run.due_at + make_interval(secs => run.interval_seconds *
      (1 + floor(greatest(0, extract(epoch from $2 - run.due_at)::float8) / run.interval_seconds))) end
  from run where s.check_id = run.check_id
  returning s.check_id, s.organization_id, s.lease_until::text as lease, run.version, run.due_at, run.timeout_seconds, run.retries,
    run.alert_after_failures, run.recover_after_successes, run.has_parents, s.status, s.reason, s.consecutive_failures,
    s.consecutive_successes`;

/** Claims at most `limit` checks that are due until `horizon`, of all organizations except those that are `full`. */
export async function claimChecks(
  db: Pick<Database, 'pool'>,
  claim: { horizon: Date; now: Date; owner: string; limit: number; full?: readonly string[] },
): Promise<ClaimedCheck[]> {
  const { rows } = await db.pool.query<ClaimedCheck>({
    name: 'checks.claim',
    text: claimText,
    values: [claim.horizon, claim.now, claim.limit, claim.owner, claim.full ?? []],
  });
  return rows;
}

export interface StoredCheck {
  readonly id: string;
  readonly organization_id: string;
  readonly device_id: string | null;
  readonly version: number;
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: string | null;
}

/** Loads the configs that the worker does not have yet. */
export async function loadConfigs(
  db: Pick<Database, 'pool'>,
  ids: readonly string[],
): Promise<StoredCheck[]> {
  const { rows } = await db.pool.query<StoredCheck>({
    name: 'checks.configs',
    text: 'select id, organization_id, device_id, version, name, kind, config, secrets from checks where id = any($1::uuid[])',
    values: [ids],
  });
  return rows;
}

export interface ParentState {
  readonly check_id: string;
  readonly name: string;
  readonly state: 'down' | 'failing' | 'unknown';
}

// The worst first.
const parentsText = `
  select d.check_id, c.name, case when s.status = 'down' then 'down' when s.status = 'unknown' then 'unknown' else 'failing' end as state
  from check_dependencies d join checks c on c.id = d.depends_on_check_id join check_state s on s.check_id = c.id
  where d.check_id = any($1::uuid[]) and s.next_due_at is not null
    and (s.status in ('down', 'unknown') or s.consecutive_failures > 0)
  order by case s.status when 'down' then 0 when 'unknown' then 1 else 2 end, c.name`;

/** The parents of these checks that are in trouble, the worst first. */
export async function findParentsInTroubleIn(tx: Tx, ids: readonly string[]): Promise<ParentState[]> {
  const { rows } = await executeRaw(tx, parentsText, [ids]);
  // Safe because the statement above returns these columns.
  return rows as ParentState[];
}

export interface Recording {
  readonly checkId: string;
  readonly lease: string;
  readonly at: Date;
  readonly outcome: ProbeOutcome;
  readonly reason: string;
  readonly attempts: number;
  /** dns, connect, tls, first byte, total. */
  readonly timings: readonly (number | null)[];
  readonly details: string;
  readonly status: CheckStatus;
  readonly standingReason: string | null;
  readonly failures: number;
  readonly successes: number;
}

// The lease protects the write: a worker that was wrongly thought dead writes nothing here. Neither does a run whose
// check was switched off meanwhile.
const recordText = `
  with input as (
    select * from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::int[], $7::real[], $8::real[], $9::real[],
      $10::real[], $11::real[], $12::text[], $13::text[], $14::text[], $15::int[], $16::int[], $17::text[])
      as i(check_id, at, outcome, reason, attempts, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, details, status,
        standing_reason, failures, successes, lease)
  ), saved as (
    update check_state s set status = i.status, since = case when s.status = i.status then s.since else i.at end,
      reason = i.standing_reason, consecutive_failures = i.failures, consecutive_successes = i.successes, last_at = i.at,
      last_outcome = i.outcome, last_ok_at = case when i.outcome = 'ok' then i.at else s.last_ok_at end,
      last_reason = i.reason, last_total_ms = i.total_ms, lease_owner = null, lease_until = null
    from input i where s.check_id = i.check_id and s.lease_owner = $1 and s.lease_until = i.lease::timestamptz
      and s.next_due_at is not null
    returning s.organization_id, s.check_id
  )
  insert into check_results (at, organization_id, check_id, outcome, status, attempts, dns_ms, connect_ms, tls_ms, first_byte_ms,
    total_ms, reason, details)
  select i.at, s.organization_id, i.check_id, i.outcome, i.status, i.attempts, i.dns_ms, i.connect_ms, i.tls_ms, i.first_byte_ms,
    i.total_ms, i.reason, i.details::jsonb
  from input i join saved s on s.check_id = i.check_id
  returning check_id`;

function recordValues(owner: string, results: readonly Recording[]): unknown[] {
  const timing = (index: number) => results.map((result) => result.timings[index] ?? null);
  return [
    owner,
    results.map((result) => result.checkId),
    results.map((result) => result.at),
    results.map((result) => result.outcome),
    results.map((result) => result.reason),
    results.map((result) => result.attempts),
    timing(0),
    timing(1),
    timing(2),
    timing(3),
    timing(4),
    results.map((result) => result.details),
    results.map((result) => result.status),
    results.map((result) => result.standingReason),
    results.map((result) => result.failures),
    results.map((result) => result.successes),
    results.map((result) => result.lease),
  ];
}

/** Records many results with one statement. Results whose lease was lost meanwhile are left out. */
export async function recordResults(
  db: Pick<Database, 'pool'>,
  owner: string,
  results: readonly Recording[],
): Promise<void> {
  await db.pool.query({ name: 'checks.record', text: recordText, values: recordValues(owner, results) });
}

/** The same within a transaction. Returns the ids of the checks whose results were accepted. */
export async function recordResultsIn(
  tx: Tx,
  owner: string,
  results: readonly Recording[],
): Promise<Set<string>> {
  const { rows } = await executeRaw(tx, recordText, recordValues(owner, results));
  return new Set(rows.map(checkIdOf));
}

function checkIdOf(row: unknown): string {
  return typeof row === 'object' && row !== null && 'check_id' in row ? String(row.check_id) : '';
}

/** By the database's clock, like leases. */
export async function beatWorker(db: Pick<Database, 'pool'>, id: string): Promise<void> {
  await db.pool.query({
    name: 'checks.beat',
    text: `insert into check_workers (id, beat_at) values ($1, clock_timestamp())
      on conflict (id) do update set beat_at = excluded.beat_at`,
    values: [id],
  });
}

/** Claimed but unfinished checks are due at once, for any other worker. */
export async function leaveWork(db: Pick<Database, 'pool'>, id: string, now: Date): Promise<void> {
  await db.pool.query(
    `update check_state set lease_owner = null, lease_until = null, next_due_at = least(next_due_at, $2)
     where lease_owner = $1 and next_due_at is not null`,
    [id, now],
  );
  await db.pool.query('delete from check_workers where id = $1', [id]);
}

/** Gives back turns that were not used. They are due by `dueAt`, instead of one interval later. */
export async function giveBack(
  db: Pick<Database, 'pool'>,
  owner: string,
  ids: readonly string[],
  dueAt: Date,
): Promise<void> {
  await db.pool.query(giveBackText, [owner, ids, dueAt]);
}

/** The same within a transaction, for turns that are over: the next ones come at their own time. */
export async function giveBackIn(tx: Tx, owner: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await executeRaw(tx, giveBackText, [owner, ids, null]);
}

const giveBackText = `
  update check_state set lease_owner = null, lease_until = null, next_due_at = least(next_due_at, $3::timestamptz)
  where lease_owner = $1 and check_id = any($2::uuid[]) and next_due_at is not null`;

/**
 * Clears leases that have expired although their worker lives, so that the checks are due at once for any worker.
 * Deletes dead workers that hold nothing any more.
 */
export async function clearLeases(tx: Tx, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update check_state set lease_owner = null, lease_until = null, next_due_at = least(next_due_at, ${now})
    where check_id in (
      select check_id from check_state
      where lease_owner is not null and lease_until <= clock_timestamp() and next_due_at is not null
      -- A row that another worker is claiming now needs no clearing.
      for update skip locked)`.execute(tx);
  await sql`
    delete from check_workers w where beat_at < clock_timestamp() - make_interval(secs => ${workersKeptSeconds})
      and not exists (select from check_state s where s.lease_owner = w.id)`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

export interface Backlog {
  readonly overdue: number;
  readonly oldestSeconds: number;
  readonly workers: number;
}

/** Checks that are due but were not taken by any worker. */
export async function readBacklog(tx: Tx, now: Date, lateSeconds: number): Promise<Backlog> {
  const living = sql`select w.id from check_workers w
    where w.beat_at > clock_timestamp() - make_interval(secs => ${workerSilentMs / 1_000})`;
  const { rows } = await sql<Backlog>`
    select count(*)::int as overdue,
      coalesce(extract(epoch from ${now}::timestamptz - min(next_due_at)), 0)::float8 as "oldestSeconds",
      (select count(*)::int from (${living}) w) as workers
    from check_state where next_due_at < ${new Date(now.getTime() - lateSeconds * 1_000)}
      and (lease_owner is null or lease_until <= clock_timestamp() or lease_owner not in (${living}))`.execute(
    tx,
  );
  return rows[0] ?? { overdue: 0, oldestSeconds: 0, workers: 0 };
}

export async function addDay(tx: Tx, day: string): Promise<void> {
  await sql`select checks_add_day(${day}::date)`.execute(tx);
}

/** Waiting longer for the lock would make the recorders wait behind us. The next turn tries again. */
const lockTimeout = '2s';

export async function dropDaysBefore(tx: Tx, day: string): Promise<void> {
  await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(tx);
  await sql`select checks_drop_days(${day}::date)`.execute(tx);
}
