import { type RawBuilder, sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';
import type { ReplayedRule } from '../replay.ts';
import { joinOpenAlert, lastResolvedAt, type ObservedRow, ruleColumns } from './observation-store.ts';
import { startsCooldown } from './watching.ts';

export interface ObservedDevice extends ObservedRow {
  device_key: number;
  /** Of its site. */
  timezone: string;
  last_seen_at: Date;
  pending_seen_at: Date | null;
  error_rate_5m: number | null;
  request_latency_p95: number | null;
  sync_lag_sec: number | null;
  memory_usage: number | null;
  cpu_usage: number | null;
  disk_usage: number | null;
  metrics: Readonly<Record<string, number>> | null;
}

const subject = sql`'device:' || ds.device_id`;

/**
 * Every enabled rule of `kind`, joined with each of these devices that it covers. Devices that never sent a heartbeat
 * are left out.
 */
export async function observeDevices(
  tx: Tx,
  kind: string,
  deviceIds: readonly string[],
): Promise<ObservedDevice[]> {
  const { rows } = await sql<ObservedDevice>`
    select ${ruleColumns},
      'device' as subject_kind, ds.device_id as subject_id, d.name as subject_name,
      d.site_id, ds.device_id, ds.status as device_status, a.id as alert_id,
      ${lastResolvedAt(subject)} as last_resolved_at, p.since as pending_since, p.seen_at as pending_seen_at,
      p.condition as pending_condition,
      (select s.timezone from ${siteRows} s where s.id = d.site_id) as timezone,
      ds.device_key, ds.last_seen_at, ds.error_rate_5m, ds.request_latency_p95, ds.sync_lag_sec,
      ds.memory_usage, ds.cpu_usage, ds.disk_usage, ds.metrics
    from ${deviceStateRows} ds
    join ${deviceRows} d on d.id = ds.device_id and d.retired_at is null
    join rules r on r.organization_id = ds.organization_id and r.kind = ${kind} and r.enabled
      and (r.site_id is null or r.site_id = d.site_id) and (r.device_type_id is null or r.device_type_id = d.type_id)
    ${joinOpenAlert(subject)}
    left join rule_pending p on p.rule_id = r.id and p.subject = ${subject}
    where ds.device_id = any(${deviceIds}::uuid[]) and ds.last_seen_at is not null
    order by ds.device_key, r.id`.execute(tx);
  return rows;
}

/**
 * For rule `r` and device `ds`: no alert was resolved within the rule's cooldown. It is a scalar subquery, so that it
 * uses its index, and only for the few rows that are left.
 */
export function cooledDown(now: Date): RawBuilder<unknown> {
  return sql`coalesce((select max(x.resolved_at) from alerts x where x.organization_id = r.organization_id
    and x.rule_id = r.id and x.subject = ${subject} and x.status = 'resolved' and ${startsCooldown})
    + make_interval(secs => r.cooldown_seconds) <= ${now}, true)`;
}

export async function findDeviceIds(tx: Tx, deviceKeys: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ device_id: string }>`
    select device_id from ${deviceStateRows} ds where device_key = any(${deviceKeys}::int[]) order by device_key`.execute(
    tx,
  );
  return rows.map((row) => row.device_id);
}

export interface Returned {
  readonly alert_id: string;
  /** When the device got the status that it has now. */
  readonly status_since: Date | null;
  readonly last_seen_at: Date;
  readonly timezone: string;
}

/** Of these open alerts, those whose device was heard after they opened. */
export async function findReturned(tx: Tx, alertIds: readonly string[]): Promise<Returned[]> {
  const { rows } = await sql<Returned>`
    select a.id as alert_id, case when ds.status_since > a.opened_at then ds.status_since end as status_since,
      ds.last_seen_at, s.timezone
    from alerts a join ${deviceStateRows} ds on ds.device_id = a.device_id join ${siteRows} s on s.id = ds.site_id
    where a.id = any(${[...alertIds]}::uuid[]) and a.status <> 'resolved' and ds.last_seen_at > a.opened_at`.execute(
    tx,
  );
  return rows;
}

/** The devices whose next heartbeat intake should report, because an alert is open or a condition is pending. */
export async function findConcerned(tx: Tx, deviceIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ device_id: string }>`
    select device_id from alerts where device_id = any(${deviceIds}::uuid[]) and status <> 'resolved'
    union select device_id from rule_pending where device_id = any(${deviceIds}::uuid[])`.execute(tx);
  return new Set(rows.map((row) => row.device_id));
}

export interface PendingMark {
  organizationId: string;
  ruleId: string;
  deviceId: string;
  since: Date;
  seenAt: Date;
  condition: string | null;
}

/** Keeps the older `since`, unless the data had a gap in between; then the caller passes a new one. */
export async function markPending(tx: Tx, marks: readonly PendingMark[]): Promise<void> {
  if (marks.length === 0) return;
  await sql`
    insert into rule_pending (organization_id, rule_id, subject, device_id, since, seen_at, condition)
    select organization_id, rule_id, 'device:' || device_id, device_id, since, seen_at, condition
    from jsonb_to_recordset(${toJson(marks.map(toPendingJson))}::jsonb)
      as t(organization_id uuid, rule_id uuid, device_id uuid, since timestamptz, seen_at timestamptz, condition text)
    order by rule_id, device_id
    on conflict (rule_id, subject) do update set since = excluded.since, seen_at = excluded.seen_at,
      condition = excluded.condition`.execute(tx);
}

function toPendingJson(mark: PendingMark) {
  return {
    organization_id: mark.organizationId,
    rule_id: mark.ruleId,
    device_id: mark.deviceId,
    since: mark.since,
    seen_at: mark.seenAt,
    condition: mark.condition,
  };
}

export async function clearPending(
  tx: Tx,
  pairs: readonly { ruleId: string; deviceId: string }[],
): Promise<void> {
  if (pairs.length === 0) return;
  const json = toJson(pairs.map((pair) => ({ rule_id: pair.ruleId, device_id: pair.deviceId })));
  await sql`delete from rule_pending p using jsonb_to_recordset(${json}::jsonb) as t(rule_id uuid, device_id uuid)
    where p.rule_id = t.rule_id and p.subject = 'device:' || t.device_id`.execute(tx);
}

/** The devices that a backtest of a rule with this reach would look at, oldest key first. */
export async function listRuleDevices(
  tx: Tx,
  reach: Omit<ReplayedRule, 'config'>,
  limit: number,
): Promise<{ devices: { id: string; name: string }[]; total: number }> {
  const { rows } = await sql<{ id: string; name: string; total: number }>`
    select d.id, d.name, (count(*) over ())::int as total
    from ${deviceRows} d join ${deviceStateRows} ds on ds.device_id = d.id
    where d.organization_id = ${reach.organizationId} and ds.last_seen_at is not null and ${reached(reach)}
    order by d.key limit ${limit}`.execute(tx);
  return { devices: rows.map(({ id, name }) => ({ id, name })), total: rows[0]?.total ?? 0 };
}

/** A single device is found even after it moved or retired. A rule covers the devices that are at its place now. */
function reached({ subject, siteId, deviceTypeId }: Omit<ReplayedRule, 'config'>): RawBuilder<unknown> {
  if (subject !== undefined) return sql`d.id = ${subject.id}`;
  return sql`d.retired_at is null and ${within('d.site_id', siteId)} and ${within('d.type_id', deviceTypeId)}`;
}

function within(column: 'd.site_id' | 'd.type_id', id: string | null): RawBuilder<unknown> {
  return id === null ? sql`true` : sql`${sql.ref(column)} = ${id}`;
}

/**
 * Open alerts of one rule, and their devices. The caller locks the rows of the devices before those of the alerts, as
 * the sweep does.
 */
export async function findOpenOfRule(
  tx: Tx,
  ruleId: string,
  limit: number,
): Promise<{ id: string; device_id: string | null }[]> {
  const { rows } = await sql<{ id: string; device_id: string | null }>`
    select id, device_id from alerts where rule_id = ${ruleId} and status <> 'resolved' limit ${limit}`.execute(
    tx,
  );
  return rows;
}

export async function findOpenOfDevices(tx: Tx, deviceIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from alerts where device_id = any(${[...deviceIds]}::uuid[]) and status <> 'resolved'`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}
