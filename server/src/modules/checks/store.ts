import type { CheckStatus, ProbeOutcome } from '@watchkeeper/contracts/checks';
import { sql } from 'kysely';
import { deviceRows, deviceTypeRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { StoredConfig } from '#platform/kinds/secrets';
import type { Run } from './pings/standing.ts';
import { intervalSecondsMin, settingDefaults } from './settings.ts';

/** The fields that an operator sets. null: the device's type decides. */
export interface CheckFields {
  readonly slug: string;
  readonly name: string;
  readonly interval_seconds: number | null;
  readonly timeout_seconds: number | null;
  readonly retries: number | null;
  readonly alert_after_failures: number | null;
  readonly recover_after_successes: number | null;
  readonly site_id: string | null;
  readonly device_id: string | null;
  readonly enabled: boolean;
}

export interface CheckRow extends CheckFields, StoredConfig {
  readonly id: string;
  /** The environment variable of the server that makes this check. */
  readonly environment_key: string | null;
  readonly kind: string;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly site_slug: string | null;
  readonly device_slug: string | null;
  readonly depends_on: string[];
  readonly effective_interval: number;
  readonly effective_timeout: number;
  readonly effective_retries: number;
  readonly effective_failures: number;
  readonly effective_successes: number;
  readonly status: CheckStatus;
  readonly since: Date;
  readonly reason: string | null;
  readonly consecutive_failures: number;
  readonly consecutive_successes: number;
  readonly last_at: Date | null;
  readonly last_outcome: ProbeOutcome | null;
  readonly last_reason: string | null;
  readonly last_total_ms: number | null;
  readonly next_due_at: Date | null;
  /** Only for checks of the kind `ping`; otherwise all of these are null. */
  readonly ping_id: string | null;
  readonly push_token: string | null;
  readonly pings: string | null;
  readonly last_ping_at: Date | null;
  readonly last_duration_ms: number | null;
  readonly runs: Run[] | null;
  readonly expected_at: Date | null;
  readonly alarm_at: Date | null;
}

const columns = sql.raw(`
  c.id, c.environment_key, c.slug, c.name, c.kind, c.config, c.secrets, c.interval_seconds, c.timeout_seconds, c.retries, c.alert_after_failures,
  c.recover_after_successes, c.site_id, c.device_id, c.enabled, c.version, c.created_at, c.updated_at,
  s.slug as site_slug, d.slug as device_slug,
  array(select p.slug from check_dependencies x join checks p on p.id = x.depends_on_check_id
    where x.organization_id = c.organization_id and x.check_id = c.id order by p.slug) as depends_on,
  greatest(coalesce(c.interval_seconds, t.check_interval_seconds, ${settingDefaults.interval}), ${intervalSecondsMin}) as effective_interval,
  coalesce(c.timeout_seconds, t.timeout_seconds, ${settingDefaults.timeout}) as effective_timeout,
  coalesce(c.retries, t.retries, ${settingDefaults.retries}) as effective_retries,
  coalesce(c.alert_after_failures, case when p.check_id is null then t.alert_after_failures else 1 end, ${settingDefaults.alert_after_failures}) as effective_failures,
  coalesce(c.recover_after_successes, case when p.check_id is null then t.recover_after_successes else 1 end, ${settingDefaults.recover_after_successes}) as effective_successes,
  st.status, st.since, st.reason, st.consecutive_failures, st.consecutive_successes, st.last_at, st.last_outcome, st.last_reason,
  st.last_total_ms, st.next_due_at, p.ping_id, p.push_token, p.pings, p.last_ping_at, p.last_duration_ms, p.runs, p.expected_at,
  p.alarm_at`);
const joins = sql`
  checks c join check_state st on st.check_id = c.id left join ${siteRows} s on s.id = c.site_id
  left join ${deviceRows} d on d.id = c.device_id left join ${deviceTypeRows} t on t.id = d.type_id
  left join ping_checks p on p.check_id = c.id`;

/** Found by slug, else by id. `lock` locks the row for a change. */
export async function findCheck(
  tx: Tx,
  organizationId: string,
  reference: string,
  lock = false,
): Promise<CheckRow | undefined> {
  const { rows } = await sql<CheckRow>`
    select ${columns} from ${joins}
    where c.organization_id = ${organizationId} and (c.slug = ${reference} or c.id = ${isId(reference) ? reference : null})
    order by (c.slug = ${reference}) desc limit 1 ${lock ? sql`for update of c` : sql``}`.execute(tx);
  return rows[0];
}

export interface CheckFilter {
  readonly limit: number;
  readonly after: string | null;
  readonly like: string | null;
  readonly status: string | null;
  readonly kind: string | null;
  readonly site: string | null;
  readonly device: string | null;
}

export async function selectChecks(tx: Tx, organizationId: string, filter: CheckFilter): Promise<CheckRow[]> {
  const named = (column: string, wanted: string | null) =>
    wanted === null
      ? sql``
      : sql`and (${sql.ref(`${column}.slug`)} = ${wanted} or ${sql.ref(`${column}.id`)} = ${isId(wanted) ? wanted : null})`;
  const { rows } = await sql<CheckRow>`
    select ${columns} from ${joins}
    where c.organization_id = ${organizationId}
      and (${filter.after}::text is null or c.slug > ${filter.after})
      and (${filter.like}::text is null or c.slug ilike ${filter.like} or c.name ilike ${filter.like})
      and (${filter.status}::text is null or st.status = ${filter.status})
      and (${filter.kind}::text is null or c.kind = ${filter.kind})
      ${named('s', filter.site)} ${named('d', filter.device)}
    order by c.slug limit ${filter.limit + 1}`.execute(tx);
  return rows;
}

export async function countChecks(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from checks where organization_id = ${organizationId}`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Inserts the check and its state. The first run is at `firstDueAt`. */
export async function insertCheck(
  tx: Tx,
  organizationId: string,
  id: string,
  kind: string,
  check: CheckFields & StoredConfig,
  at: Date,
  firstDueAt: Date | null,
): Promise<void> {
  await sql`
    insert into checks (organization_id, id, slug, name, kind, config, secrets, interval_seconds, timeout_seconds, retries,
      alert_after_failures, recover_after_successes, site_id, device_id, enabled, created_at, updated_at)
    values (${organizationId}, ${id}, ${check.slug}, ${check.name}, ${kind}, ${JSON.stringify(check.config)}, ${check.secrets},
      ${check.interval_seconds}, ${check.timeout_seconds}, ${check.retries}, ${check.alert_after_failures},
      ${check.recover_after_successes}, ${check.site_id}, ${check.device_id}, ${check.enabled}, ${at}, ${at})`.execute(
    tx,
  );
  await sql`
    insert into check_state (organization_id, check_id, since, next_due_at)
    values (${organizationId}, ${id}, ${at}, ${firstDueAt})`.execute(tx);
}

export async function updateCheckRow(
  tx: Tx,
  organizationId: string,
  id: string,
  check: CheckFields & StoredConfig,
  at: Date,
): Promise<void> {
  await sql`
    update checks set slug = ${check.slug}, name = ${check.name}, config = ${JSON.stringify(check.config)},
      secrets = ${check.secrets}, interval_seconds = ${check.interval_seconds}, timeout_seconds = ${check.timeout_seconds},
      retries = ${check.retries}, alert_after_failures = ${check.alert_after_failures},
      recover_after_successes = ${check.recover_after_successes}, site_id = ${check.site_id}, device_id = ${check.device_id},
      enabled = ${check.enabled}, version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

export async function setDue(tx: Tx, id: string, dueAt: Date): Promise<void> {
  await sql`update check_state set next_due_at = ${dueAt} where check_id = ${id}`.execute(tx);
}

/** Nothing is known about the check from now on. A running check loses its lease, so its result is not accepted. */
export async function switchOff(tx: Tx, organizationId: string, id: string, at: Date): Promise<void> {
  await sql`
    update check_state set next_due_at = null, lease_owner = null, lease_until = null, status = 'pending', since = ${at},
      reason = null, consecutive_failures = 0, consecutive_successes = 0
    where check_id = ${id}`.execute(tx);
  await sql`
    insert into check_pauses (organization_id, check_id, at) values (${organizationId}, ${id}, ${at})
    on conflict do nothing`.execute(tx);
}

/** Makes it due by then at the latest. A check that is switched off stays off. */
export async function bringForward(tx: Tx, id: string, dueAt: Date): Promise<void> {
  await sql`
    update check_state set next_due_at = least(next_due_at, ${dueAt}) where check_id = ${id} and next_due_at is not null`.execute(
    tx,
  );
}

export async function deleteCheckRow(tx: Tx, organizationId: string, id: string): Promise<void> {
  await sql`delete from checks where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

export async function findChecks(
  tx: Tx,
  organizationId: string,
  references: readonly string[],
): Promise<{ id: string; slug: string }[]> {
  const { rows } = await sql<{ id: string; slug: string }>`
    select id, slug from checks where organization_id = ${organizationId}
      and (slug = any(${references}::text[]) or id = any(${references.filter(isId)}::uuid[]))`.execute(tx);
  return rows;
}

export async function replaceDependencies(
  tx: Tx,
  organizationId: string,
  id: string,
  parents: readonly string[],
): Promise<void> {
  await sql`delete from check_dependencies where organization_id = ${organizationId} and check_id = ${id}`.execute(
    tx,
  );
  if (parents.length === 0) return;
  await sql`
    insert into check_dependencies (organization_id, check_id, depends_on_check_id)
    select ${organizationId}, ${id}, unnest(${parents}::uuid[])`.execute(tx);
}

/** Only one writer of dependencies per organization at a time: otherwise two changes could together make a circle. */
export async function lockDependencies(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('checks.dependencies ' || ${organizationId}, 0))`.execute(
    tx,
  );
}

/** Whether `id` is among its own ancestors. */
export async function isInCircle(tx: Tx, organizationId: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    with recursive above as (
      select depends_on_check_id as id from check_dependencies where organization_id = ${organizationId} and check_id = ${id}
      union
      select d.depends_on_check_id from check_dependencies d join above a on a.id = d.check_id
      where d.organization_id = ${organizationId}
    )
    select 1 from above where id = ${id}`.execute(tx);
  return rows.length > 0;
}

export interface Place {
  readonly id: string;
  readonly site_id: string | null;
  readonly check_method: string | null;
}

export async function findPlace(
  tx: Tx,
  organizationId: string,
  what: 'site' | 'device',
  reference: string,
): Promise<Place | undefined> {
  const id = isId(reference) ? reference : null;
  const { rows } =
    what === 'site'
      ? await sql<Place>`
          select id, null::uuid as site_id, null as check_method from ${siteRows} s
          where organization_id = ${organizationId} and (slug = ${reference} or id = ${id})
          order by (slug = ${reference}) desc limit 1`.execute(tx)
      : await sql<Place>`
          select d.id, d.site_id, t.check_method from ${deviceRows} d left join ${deviceTypeRows} t on t.id = d.type_id
          where d.organization_id = ${organizationId} and d.retired_at is null and (d.slug = ${reference} or d.id = ${id})
          order by (d.slug = ${reference}) desc limit 1`.execute(tx);
  return rows[0];
}

export interface ResultRow {
  readonly at: Date;
  readonly outcome: ProbeOutcome;
  readonly status: CheckStatus;
  readonly attempts: number;
  readonly dns_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly total_ms: number | null;
  readonly reason: string;
  readonly details: Record<string, unknown> | null;
}

/** Newest first. A check has one run at a time, so its time alone is enough as a cursor. */
export async function selectResults(
  tx: Tx,
  checkId: string,
  page: { before: Date | null; since: Date | null; outcome: string | null; limit: number },
): Promise<ResultRow[]> {
  const { rows } = await sql<ResultRow>`
    select at, outcome, status, attempts, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, reason, details
    from check_results
    where check_id = ${checkId}
      and (${page.before}::timestamptz is null or at < ${page.before})
      and (${page.since}::timestamptz is null or at >= ${page.since})
      and (${page.outcome}::text is null or outcome = ${page.outcome})
    order by at desc limit ${page.limit + 1}`.execute(tx);
  return rows;
}
