import {
  type AlertOrder,
  type AlertStatus,
  type AlertTransitionKind,
  type AttentionCounts,
  attentions,
  type Severity,
  type SuppressionReason,
  severities,
} from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import { checkRows } from '#modules/checks';
import { organizationRows } from '#modules/identity';
import { deviceRows, siteRows } from '#modules/inventory';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';

/** Reads alerts with the names of the things they are about. Writes: alert-store.ts, through transition.ts. */

export interface AlertRow {
  id: string;
  organization_id: string;
  organization_slug: string;
  organization_name: string;
  rule_id: string;
  rule_name: string;
  kind: string;
  /** Kind and id, e.g. `site:...`. */
  subject: string;
  type: string;
  severity: Severity;
  status: AlertStatus;
  title: string;
  why: string;
  details: Record<string, unknown>;
  site_id: string | null;
  site_slug: string | null;
  site_name: string | null;
  site_timezone: string | null;
  device_id: string | null;
  device_slug: string | null;
  device_name: string | null;
  suppressed_by: SuppressionReason | null;
  suppressed_reason: string | null;
  opened_at: Date;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  escalated_at: Date | null;
  resolved_at: Date | null;
  resolved_by: string | null;
  resolved_reason: string | null;
  action_taken: string | null;
  version: number;
}

const searchWordsMax = 10;

const from = sql`
  select a.*, o.slug as organization_slug, o.name as organization_name, s.slug as site_slug, s.name as site_name,
    s.timezone as site_timezone, d.slug as device_slug, d.name as device_name
  from alerts a join ${organizationRows} o on o.id = a.organization_id
  left join ${siteRows} s on s.id = a.site_id left join ${deviceRows} d on d.id = a.device_id`;

export interface AlertFilter {
  /** null: all organizations that the transaction sees. */
  organizationIds: readonly string[] | null;
  status: AlertStatus | 'active' | undefined;
  severity: Severity | undefined;
  type: string | undefined;
  /** Slug or id. */
  site: string | undefined;
  device: string | undefined;
  check: string | undefined;
  since: Date | undefined;
  search: string | undefined;
  order: AlertOrder;
  /** The last row of the previous page. */
  after: { at: Date; id: string; weight: number } | undefined;
  limit: number;
}

const severityWeight = sql`array_position(${[...severities]}::text[], a.severity)`;
/** `attentionOf` of the contracts, as SQL over `alerts a`. */
export const attentionOfRow = sql`(case when a.status = 'resolved' then 'over' when a.suppressed_by = 'maintenance' then 'under_maintenance'
  when a.suppressed_by is not null then 'muted' when a.status = 'acknowledged' then 'in_hand' else 'needs_you' end)`;
/** First the alerts that need somebody, last those that are over; within each group the heavier ones first. */
const weight = sql`((array_position(${[...attentions]}::text[], ${attentionOfRow}) - 1) * 10 + ${severityWeight})`;

export async function listAlertRows(tx: Tx, filter: AlertFilter): Promise<AlertRow[]> {
  const where: RawBuilder<unknown>[] = [sql`true`];
  if (filter.organizationIds !== null)
    where.push(sql`a.organization_id = any(${[...filter.organizationIds]}::uuid[])`);
  if (filter.status === 'active') where.push(sql`a.status <> 'resolved'`);
  else if (filter.status !== undefined) where.push(sql`a.status = ${filter.status}`);
  if (filter.status === 'open' || filter.status === 'acknowledged') where.push(sql`a.status <> 'resolved'`);
  if (filter.severity !== undefined) where.push(sql`a.severity = ${filter.severity}`);
  if (filter.type !== undefined) where.push(sql`a.type = ${filter.type}`);
  if (filter.site !== undefined) where.push(named('s', filter.site));
  if (filter.device !== undefined) where.push(named('d', filter.device));
  if (filter.check !== undefined) where.push(ofCheck(filter.check));
  if (filter.since !== undefined) where.push(sql`a.opened_at >= ${filter.since}`);
  if (filter.search !== undefined) where.push(mentions(filter.search));
  const { after } = filter;
  if (filter.order === 'weight') {
    if (after !== undefined)
      where.push(
        sql`(${weight}, a.opened_at, a.id) > (${after.weight}::int, ${after.at}::timestamptz, ${after.id}::uuid)`,
      );
    const { rows } = await sql<AlertRow>`${from} where ${sql.join(where, sql` and `)}
      order by ${weight}, a.opened_at, a.id limit ${filter.limit + 1}`.execute(tx);
    return rows;
  }
  if (after !== undefined) where.push(sql`(a.opened_at, a.id) < (${after.at}, ${after.id}::uuid)`);
  const { rows } = await sql<AlertRow>`${from} where ${sql.join(where, sql` and `)}
    order by a.opened_at desc, a.id desc limit ${filter.limit + 1}`.execute(tx);
  return rows;
}

/**
 * Every word of the search occurs in the alert's names (not in `why`: its numbers would match everything). `%` and `_`
 * have no special meaning.
 */
function mentions(search: string): RawBuilder<unknown> {
  const words = search.trim().split(/\s+/).slice(0, searchWordsMax);
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  return sql`concat_ws(' ', a.title, a.type, a.rule_name, s.name, s.slug, d.name, d.slug) ilike all(${patterns}::text[])`;
}

function named(table: 's' | 'd', reference: string): RawBuilder<unknown> {
  const slug = sql`${sql.ref(`${table}.slug`)} = ${reference}`;
  return isId(reference) ? sql`(${slug} or ${sql.ref(`${table}.id`)} = ${reference}::uuid)` : slug;
}

/** Alerts of any rule about this check. */
function ofCheck(reference: string): RawBuilder<unknown> {
  const id = isId(reference) ? sql`or c.id = ${reference}::uuid` : sql``;
  return sql`a.subject in (select 'check:' || c.id from ${checkRows} c
    where c.organization_id = a.organization_id and (c.slug = ${reference} ${id}))`;
}

export async function findAlert(tx: Tx, id: string): Promise<AlertRow | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await sql<AlertRow>`${from} where a.id = ${id}`.execute(tx);
  return rows[0];
}

/** Returns the alerts with these ids that exist and that the transaction sees. */
export async function findAlerts(tx: Tx, ids: readonly string[]): Promise<AlertRow[]> {
  return await loadAlertRows(tx, ids.filter(isId));
}

/** For higher floors: alerts with their names, in the order in which they opened. */
export async function loadAlertRows(tx: Tx, alertIds: readonly string[]): Promise<AlertRow[]> {
  const { rows } =
    await sql<AlertRow>`${from} where a.id = any(${[...alertIds]}::uuid[]) order by a.opened_at, a.id`.execute(
      tx,
    );
  return rows;
}

/** Heaviest first. */
export async function listActiveRows(
  tx: Tx,
  organizationId: string,
  limit: number,
): Promise<{ rows: AlertRow[]; total: number }> {
  const { rows } = await sql<AlertRow & { total: number }>`
    select a.*, (count(*) over ())::int as total from (${from} where a.organization_id = ${organizationId} and a.status <> 'resolved') a
    order by ${weight}, a.opened_at, a.id limit ${limit}`.execute(tx);
  return { rows, total: rows[0]?.total ?? 0 };
}

export interface TransitionRow {
  id: string;
  at: Date;
  kind: AlertTransitionKind;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  why: string;
  note: string | null;
  details: Record<string, unknown>;
}

export async function listTimeline(tx: Tx, alertId: string, limit: number): Promise<TransitionRow[]> {
  const { rows } = await sql<TransitionRow>`
    select id, at, kind, actor_kind, actor_id, actor_name, why, note, details
    from alert_transitions where alert_id = ${alertId} order by at, id limit ${limit}`.execute(tx);
  return rows;
}

export interface ChangeRow {
  at: Date;
  kind: AlertTransitionKind;
  actor_name: string;
  alert_id: string;
  type: string;
  severity: Severity;
  title: string;
  why: string;
}

export async function listRecentChanges(
  tx: Tx,
  organizationId: string,
  since: Date,
  limit: number,
): Promise<ChangeRow[]> {
  const { rows } = await sql<ChangeRow>`
    select t.at, t.kind, t.actor_name, t.alert_id, a.type, a.severity, a.title, t.why
    from alert_transitions t join alerts a on a.id = t.alert_id
    where t.organization_id = ${organizationId} and t.at >= ${since}
    order by t.at desc, t.id desc limit ${limit}`.execute(tx);
  return rows;
}

export interface SiteRow {
  id: string;
  slug: string;
  name: string;
  timezone: string;
  /** Devices by status. */
  statuses: Record<string, number>;
  last_seen_at: Date | null;
  attention: AttentionCounts;
  open_alerts: number;
  /** Of the alerts that need somebody. */
  worst_severity: Severity | null;
}

const counted = attentions.filter((each) => each !== 'over');
const attentionCounts = sql`jsonb_build_object(${sql.join(
  counted.map((each) => sql`${each}::text, (count(*) filter (where ${attentionOfRow} = ${each}))::int`),
)})`;
const noAttention = JSON.stringify(Object.fromEntries(counted.map((each) => [each, 0])));

export async function listSiteSummaries(tx: Tx, organizationId: string): Promise<SiteRow[]> {
  const { rows } = await sql<SiteRow>`
    with states as (
      select d.site_id, coalesce(ds.status, 'unknown') as status, count(*)::int as n, max(ds.last_seen_at) as last_seen_at
      from ${deviceRows} d left join ${deviceStateRows} ds on ds.device_id = d.id
      where d.organization_id = ${organizationId} and d.retired_at is null group by 1, 2
    ), devices_of as (
      select site_id, jsonb_object_agg(status, n) as statuses, max(last_seen_at) as last_seen_at from states group by 1
    ), alerts_of as (
      select a.site_id, count(*)::int as n, ${attentionCounts} as attention,
        min(${severityWeight}) filter (where ${attentionOfRow} = 'needs_you') as worst
      from alerts a where a.organization_id = ${organizationId} and a.status <> 'resolved' group by 1
    )
    select s.id, s.slug, s.name, s.timezone, coalesce(d.statuses, '{}') as statuses, d.last_seen_at, coalesce(a.n, 0) as open_alerts,
      coalesce(a.attention, ${noAttention}::jsonb) as attention, (${[...severities]}::text[])[a.worst] as worst_severity
    from ${siteRows} s left join devices_of d on d.site_id = s.id left join alerts_of a on a.site_id = s.id
    where s.organization_id = ${organizationId} order by s.name, s.slug`.execute(tx);
  return rows;
}

/** Counts all alerts of the organization that are not over. */
export async function countAttention(tx: Tx, organizationId: string): Promise<AttentionCounts> {
  const { rows } = await sql<{ attention: AttentionCounts }>`
    select ${attentionCounts} as attention from alerts a
    where a.organization_id = ${organizationId} and a.status <> 'resolved'`.execute(tx);
  return rows[0]?.attention ?? { needs_you: 0, in_hand: 0, under_maintenance: 0, muted: 0 };
}

export async function findOrganizationName(tx: Tx, organizationId: string): Promise<string> {
  const { rows } = await sql<{
    name: string;
  }>`select o.name from ${organizationRows} o where o.id = ${organizationId}`.execute(tx);
  return rows[0]?.name ?? '';
}
