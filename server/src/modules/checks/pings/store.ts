import type { CheckStatus, ProbeOutcome } from '@watchkeeper/contracts/checks';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { executeRaw } from '#platform/db/database';
import { storableText, toJson } from '#platform/storable';
import { type Ping, type PingKind, pingsKept } from './ping.ts';
import { neverDue, type PingConfig } from './schedule.ts';
import type { Run } from './standing.ts';

/** A ping check, locked, with everything that is needed to judge it. */
export interface PingRow {
  readonly check_id: string;
  readonly organization_id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly config: PingConfig;
  readonly alert_after_failures: number;
  readonly recover_after_successes: number;
  readonly has_parents: boolean;
  readonly pings: string;
  readonly last_ping_at: Date | null;
  readonly last_kind: PingKind | null;
  readonly last_duration_ms: number | null;
  readonly runs: Run[];
  readonly expected_at: Date | null;
  readonly status: CheckStatus;
  readonly reason: string | null;
  readonly consecutive_failures: number;
  readonly consecutive_successes: number;
}

// Whether it is enabled is read from the locked row: the row in `checks` may be older than the wait for the lock.
const lockedColumns = sql.raw(`
  p.check_id, p.organization_id, c.name, st.next_due_at is not null as enabled, c.config,
  coalesce(c.alert_after_failures, 1) as alert_after_failures, coalesce(c.recover_after_successes, 1) as recover_after_successes,
  exists (select from check_dependencies x where x.organization_id = p.organization_id and x.check_id = p.check_id) as has_parents,
  p.pings, p.last_ping_at, p.last_kind, p.last_duration_ms, p.runs, p.expected_at,
  st.status, st.reason, st.consecutive_failures, st.consecutive_successes
  from ping_checks p join checks c on c.id = p.check_id join check_state st on st.check_id = p.check_id`);

export async function lockPingChecks(tx: Tx, ids: readonly string[]): Promise<PingRow[]> {
  const { rows } = await sql<PingRow>`
    select ${lockedColumns} where p.check_id = any(${ids}::uuid[]) order by p.check_id for update of p, st`.execute(
    tx,
  );
  return rows;
}

/** The checks whose alarm may be due. */
export async function lockDuePingChecks(tx: Tx, now: Date, limit: number): Promise<PingRow[]> {
  const { rows } = await sql<PingRow>`
    select ${lockedColumns} where p.wake_at <= ${now} order by p.wake_at limit ${limit} for update of p, st skip locked`.execute(
    tx,
  );
  return rows;
}

/** For changes outside of this room. The ping row is always locked before the check's state. */
export async function lockPingCheck(tx: Tx, checkId: string): Promise<void> {
  await sql`select from ping_checks where check_id = ${checkId} for update`.execute(tx);
}

/** Only one process at a time applies pings, so that their order is kept. @returns whether it is this one. */
export async function becomeApplier(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('checks.pings', 0)) as mine`.execute(tx);
  return rows[0]?.mine === true;
}

export interface JournalRow {
  readonly id: string;
  readonly items: string;
}

export const journalInsertText =
  'insert into ping_journal (at, items) values (to_timestamp($1::float8 / 1000), $2)';

/** Removes rows from the journal, in the order in which they were added. */
export async function takeJournal(
  tx: Tx,
  limit: { readonly rows: number; readonly bytes: number },
): Promise<JournalRow[]> {
  const { rows } = await sql<JournalRow>`
    with oldest as (
      select id, octet_length(items) as bytes from ping_journal where not faulty order by id limit ${limit.rows}
    ), summed as (
      select id, bytes, sum(bytes) over (order by id) as total from oldest
    ), taken as (
      delete from ping_journal where id in (select id from summed where total - bytes < ${limit.bytes})
      returning id, items
    ) select id, items from taken order by id`.execute(tx);
  return rows;
}

/** Whether all pings that were acknowledged until then have been applied. */
export async function isJournalWorkedOff(tx: Tx, until: Date): Promise<boolean> {
  const { rows } = await sql`select from ping_journal where not faulty and at <= ${until} limit 1`.execute(
    tx,
  );
  return rows.length === 0;
}

/** The oldest row cannot be applied. It is kept, but no longer blocks the others. */
export async function setFaultyAside(tx: Tx): Promise<void> {
  await sql`
    update ping_journal set faulty = true
    where id = (select id from ping_journal where not faulty order by id limit 1)`.execute(tx);
}

/** Keeps pings that cannot be applied to their check for a while, where they do not block others. */
export async function insertFaulty(tx: Tx, at: Date, items: string): Promise<void> {
  await sql`insert into ping_journal (at, items, faulty) values (${at}, ${items}, true)`.execute(tx);
}

/** Sets the check to unknown because of its own fault. @returns its organization's id; undefined: no such check. */
export async function setUnable(
  tx: Tx,
  checkId: string,
  reason: string,
  at: Date,
): Promise<string | undefined> {
  const { rows } = await sql<{ organization_id: string }>`
    update check_state s set status = 'unknown', since = case when s.status = 'unknown' then s.since else ${at} end,
      reason = ${reason}, consecutive_successes = 0, last_at = ${at}, last_outcome = 'unable', last_reason = ${reason},
      last_total_ms = null
    where s.check_id = ${checkId} returning organization_id`.execute(tx);
  return rows[0]?.organization_id;
}

/** Resumes a paused check. The caller holds the locks of its ping row and its state. */
export async function switchOn(tx: Tx, checkId: string, at: Date): Promise<{ slug: string }> {
  await sql`update check_state set next_due_at = ${neverDue} where check_id = ${checkId}`.execute(tx);
  const { rows } = await sql<{ slug: string }>`
    update checks set enabled = true, version = version + 1, updated_at = ${at} where id = ${checkId}
    returning slug`.execute(tx);
  return { slug: rows[0]?.slug ?? checkId };
}

export async function wakeLater(tx: Tx, checkId: string, at: Date): Promise<void> {
  await sql`update ping_checks set wake_at = ${at} where check_id = ${checkId}`.execute(tx);
}

export async function purgeFaulty(tx: Tx, before: Date): Promise<void> {
  await sql`delete from ping_journal where faulty and at < ${before}`.execute(tx);
}

export interface PingUpdate {
  readonly check_id: string;
  readonly pings: number;
  readonly last_ping_at: string | null;
  readonly last_kind: PingKind | null;
  readonly last_duration_ms: number | null;
  readonly runs: readonly Run[];
  readonly expected_at: string | null;
  readonly alarm_at: string | null;
}

/** `rearm`: it was judged just now, so wake it at its alarm. Otherwise an earlier wake-up stays. */
export async function updatePingChecks(
  tx: Tx,
  updates: readonly PingUpdate[],
  rearm: boolean,
): Promise<void> {
  const of = <K extends keyof PingUpdate>(name: K) => updates.map((update) => update[name]);
  const runs = updates.map((update) => JSON.stringify(update.runs));
  await executeRaw(
    tx,
    `update ping_checks p set pings = u.pings, last_ping_at = u.last_ping_at, last_kind = u.last_kind,
       last_duration_ms = u.last_duration_ms, runs = u.runs::jsonb, expected_at = u.expected_at, alarm_at = u.alarm_at,
       wake_at = case when $9 or p.wake_at is null or u.alarm_at is null or u.alarm_at < p.wake_at then u.alarm_at else p.wake_at end
     from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::float8[], $6::text[], $7::timestamptz[],
       $8::timestamptz[]) as u(check_id, pings, last_ping_at, last_kind, last_duration_ms, runs, expected_at, alarm_at)
     where p.check_id = u.check_id`,
    [
      of('check_id'),
      of('pings'),
      of('last_ping_at'),
      of('last_kind'),
      of('last_duration_ms'),
      runs,
      of('expected_at'),
      of('alarm_at'),
      rearm,
    ],
  );
}

export interface StandingUpdate {
  readonly check_id: string;
  readonly status: CheckStatus;
  readonly reason: string | null;
  readonly failures: number;
  readonly successes: number;
  readonly at: string;
  readonly outcome: ProbeOutcome;
  readonly last_reason: string;
  readonly total_ms: number | null;
}

/** Does not write the due time, because pings do not change it: so PostgreSQL need not update that column's index. */
export async function updateStandings(tx: Tx, updates: readonly StandingUpdate[]): Promise<void> {
  const of = <K extends keyof StandingUpdate>(name: K) => updates.map((update) => update[name]);
  await executeRaw(
    tx,
    `update check_state s set status = u.status, since = case when s.status = u.status then s.since else u.at end,
       reason = u.reason, consecutive_failures = u.failures, consecutive_successes = u.successes, last_at = u.at,
       last_outcome = u.outcome, last_ok_at = case when u.outcome = 'ok' then u.at else s.last_ok_at end,
       last_reason = u.last_reason, last_total_ms = u.total_ms
     from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::int[], $6::timestamptz[], $7::text[], $8::text[], $9::real[])
       as u(check_id, status, reason, failures, successes, at, outcome, last_reason, total_ms)
     where s.check_id = u.check_id`,
    [
      of('check_id'),
      of('status'),
      of('reason'),
      of('failures'),
      of('successes'),
      of('at'),
      of('outcome'),
      of('last_reason'),
      of('total_ms'),
    ],
  );
}

export interface ResultInsert {
  readonly at: string;
  readonly organization_id: string;
  readonly check_id: string;
  readonly outcome: ProbeOutcome;
  readonly status: CheckStatus;
  readonly total_ms: number | null;
  readonly reason: string;
}

export async function insertResults(tx: Tx, results: readonly ResultInsert[]): Promise<void> {
  await sql`
    insert into check_results (at, organization_id, check_id, outcome, status, attempts, total_ms, reason, details)
    select r.at, r.organization_id, r.check_id, r.outcome, r.status, 1, r.total_ms, r.reason, '{}'::jsonb
    from jsonb_to_recordset(${toJson(results)}::jsonb) as r(at timestamptz, organization_id uuid, check_id uuid,
      outcome text, status text, total_ms real, reason text)`.execute(tx);
}

export interface NumberedPing {
  readonly organizationId: string;
  readonly n: number;
  readonly kind: PingKind;
  readonly durationMs: number | null;
  readonly ping: Ping;
}

/** At most `pingsKept` per check and call. */
export async function keepPings(tx: Tx, pings: readonly NumberedPing[]): Promise<void> {
  // All writers lock them in this order.
  const rows = pings.toSorted((one, other) =>
    one.ping.checkId === other.ping.checkId
      ? one.n - other.n
      : one.ping.checkId < other.ping.checkId
        ? -1
        : 1,
  );
  const of = <T>(pick: (kept: NumberedPing) => T) => rows.map(pick);
  await executeRaw(
    tx,
    `insert into check_pings (organization_id, check_id, slot, n, at, kind, source, exit_status, rid, method, remote_address,
       user_agent, duration_ms, body, body_bytes)
     select r.organization_id, r.check_id, r.n % ${pingsKept}, r.n, r.at, r.kind, r.source, r.exit_status, r.rid, r.method,
       r.remote_address, r.user_agent, r.duration_ms, decode(r.body, 'base64'), r.body_bytes
     from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::smallint[], $8::text[],
       $9::text[], $10::text[], $11::text[], $12::float8[], $13::text[], $14::bigint[])
       as r(organization_id, check_id, n, at, kind, source, exit_status, rid, method, remote_address, user_agent, duration_ms,
         body, body_bytes)
     on conflict (check_id, slot) do update set n = excluded.n, at = excluded.at, kind = excluded.kind, source = excluded.source,
       exit_status = excluded.exit_status, rid = excluded.rid, method = excluded.method, remote_address = excluded.remote_address,
       user_agent = excluded.user_agent, duration_ms = excluded.duration_ms, body = excluded.body,
       body_bytes = excluded.body_bytes`,
    [
      of(({ organizationId }) => organizationId),
      of(({ ping }) => ping.checkId),
      of(({ n }) => n),
      of(({ ping }) => new Date(ping.at).toISOString()),
      of(({ kind }) => kind),
      of(({ ping }) => ping.source),
      of(({ ping }) => ping.exitStatus),
      of(({ ping }) => ping.rid),
      of(({ ping }) => ping.method),
      of(({ ping }) => ping.remoteAddress),
      of(({ ping }) => storableText(ping.userAgent)),
      of(({ durationMs }) => durationMs),
      of(({ ping }) => ping.body),
      of(({ ping }) => ping.bodyBytes),
    ],
  );
}

export interface KeptPingRow {
  readonly n: string;
  readonly at: Date;
  readonly kind: PingKind;
  readonly source: Ping['source'];
  readonly exit_status: number | null;
  readonly rid: string | null;
  readonly method: string;
  readonly remote_address: string;
  readonly user_agent: string;
  readonly duration_ms: number | null;
  readonly body: Buffer | null;
  readonly body_bytes: string;
}

/** Newest first. */
export async function selectPings(
  tx: Tx,
  checkId: string,
  page: { readonly before: number | null; readonly only: number | null; readonly limit: number },
): Promise<KeptPingRow[]> {
  const { rows } = await sql<KeptPingRow>`
    select n, at, kind, source, exit_status, rid, method, remote_address, user_agent, duration_ms, body, body_bytes
    from check_pings where check_id = ${checkId}
      and (${page.before}::bigint is null or n < ${page.before})
      and (${page.only}::bigint is null or n = ${page.only})
    order by n desc limit ${page.limit}`.execute(tx);
  return rows;
}
