import {
  attentions,
  type IncidentOrder,
  type IncidentTransitionKind,
  type JoinedHow,
  type Priority,
  type Severity,
  type SuppressionReason,
} from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import { alertRows } from '#modules/alerting';
import { organizationRows } from '#modules/identity';
import { deviceRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { LockedIncident } from '../transition.ts';

/** Reads incidents with the names of the things they are about. Writes: ../incident-store.ts, through transition.ts. */

export interface IncidentRow extends Omit<LockedIncident, 'muted_by'> {
  readonly organization_slug: string;
  readonly organization_name: string;
  readonly site_slug: string | null;
  readonly site_name: string | null;
  readonly site_timezone: string | null;
  readonly muted_by: SuppressionReason | null;
  readonly merged_into_number: number | null;
  readonly version: number;
}

const from = sql`
  select i.*, o.slug as organization_slug, o.name as organization_name, s.slug as site_slug, s.name as site_name,
    s.timezone as site_timezone, m.number as merged_into_number
  from incidents i join ${organizationRows} o on o.id = i.organization_id
  left join ${siteRows} s on s.id = i.site_id left join incidents m on m.id = i.merged_into`;

export interface IncidentFilter {
  readonly organizationId: string;
  readonly status: 'open' | 'acknowledged' | 'resolved' | 'active' | 'snoozed' | undefined;
  readonly severity: Severity | undefined;
  readonly priority: Priority | undefined;
  /** Slug or id. */
  readonly site: string | undefined;
  readonly device: string | undefined;
  readonly type: string | undefined;
  readonly alert: string | undefined;
  /** An id; null: nobody; undefined: anybody. */
  readonly assignedTo: string | null | undefined;
  readonly since: Date | undefined;
  readonly search: string | undefined;
  readonly order: IncidentOrder;
  /** The last row of the previous page. */
  readonly after: { at: Date; id: string; weight: number } | undefined;
  readonly limit: number;
  readonly now: Date;
}

const searchWordsMax = 10;

/** `attentionOfIncident` (incident-view.ts) as SQL over `incidents i`. */
export function attentionIn(now: Date): RawBuilder<unknown> {
  return sql`(case when i.status = 'resolved' then 'over' when i.muted_by = 'maintenance' then 'under_maintenance'
    when i.muted_by is not null then 'muted' when i.status = 'acknowledged' or i.snoozed_until > ${now} then 'in_hand'
    else 'needs_you' end)`;
}

/** First the incidents that need somebody, last those that are over; within each group the more urgent ones first. */
function weightAt(now: Date): RawBuilder<unknown> {
  return sql`((array_position(${[...attentions]}::text[], ${attentionIn(now)}) - 1) * 10 + right(i.priority, 1)::int)`;
}

export async function listIncidentRows(tx: Tx, filter: IncidentFilter): Promise<IncidentRow[]> {
  const where = conditionsOf(filter);
  const { after, order, limit, now } = filter;
  if (order === 'weight') {
    const weight = weightAt(now);
    if (after !== undefined)
      where.push(
        sql`(${weight}, i.opened_at, i.id) > (${after.weight}::int, ${after.at}::timestamptz, ${after.id}::uuid)`,
      );
    const { rows } = await sql<IncidentRow>`${from} where ${sql.join(where, sql` and `)}
      order by ${weight}, i.opened_at, i.id limit ${limit + 1}`.execute(tx);
    return rows;
  }
  if (after !== undefined) where.push(sql`(i.opened_at, i.id) < (${after.at}, ${after.id}::uuid)`);
  const { rows } = await sql<IncidentRow>`${from} where ${sql.join(where, sql` and `)}
    order by i.opened_at desc, i.id desc limit ${limit + 1}`.execute(tx);
  return rows;
}

function conditionsOf(filter: IncidentFilter): RawBuilder<unknown>[] {
  const where: RawBuilder<unknown>[] = [sql`i.organization_id = ${filter.organizationId}`];
  const { status, now } = filter;
  if (status === 'active' || status === 'snoozed') where.push(sql`i.status <> 'resolved'`);
  else if (status !== undefined) where.push(sql`i.status = ${status}`);
  if (status === 'open' || status === 'acknowledged') where.push(sql`i.status <> 'resolved'`);
  if (status === 'snoozed') where.push(sql`i.snoozed_until > ${now}`);
  if (filter.severity !== undefined) where.push(sql`i.severity = ${filter.severity}`);
  if (filter.priority !== undefined) where.push(sql`i.priority = ${filter.priority}`);
  if (filter.site !== undefined) where.push(named('s', filter.site));
  if (filter.type !== undefined) where.push(hasAlert(sql`a.type = ${filter.type}`));
  if (filter.alert !== undefined) where.push(hasAlert(sql`a.id = ${filter.alert}::uuid`));
  if (filter.device !== undefined)
    where.push(
      hasAlert(sql`a.device_id in (select d.id from ${deviceRows} d
        where d.organization_id = i.organization_id and ${named('d', filter.device)})`),
    );
  if (filter.assignedTo === null) where.push(sql`i.assigned_to is null`);
  else if (filter.assignedTo !== undefined) where.push(sql`i.assigned_to = ${filter.assignedTo}::uuid`);
  if (filter.since !== undefined) where.push(sql`i.opened_at >= ${filter.since}`);
  if (filter.search !== undefined) where.push(mentions(filter.search, filter.organizationId));
  return where;
}

function hasAlert(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (select from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
    where ia.incident_id = i.id and ${condition})`;
}

function named(table: 's' | 'd', reference: string): RawBuilder<unknown> {
  const slug = sql`${sql.ref(`${table}.slug`)} = ${reference}`;
  return isId(reference) ? sql`(${slug} or ${sql.ref(`${table}.id`)} = ${reference}::uuid)` : slug;
}

/** Every word occurs in the title, the site, or a title of its alerts; `#12` is the number of an incident. */
function mentions(search: string, organizationId: string): RawBuilder<unknown> {
  const words = search.trim().split(/\s+/).slice(0, searchWordsMax);
  const [first = ''] = words;
  if (words.length === 1 && /^#\d{1,9}$/.test(first)) return sql`i.number = ${Number(first.slice(1))}`;
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  // The alerts are searched once, not once for each incident.
  return sql`(concat_ws(' ', i.title, s.name, s.slug) ilike all(${patterns}::text[]) or i.id in (
    select ia.incident_id from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
    left join ${siteRows} p on p.id = a.site_id
    where ia.organization_id = ${organizationId}
      and concat_ws(' ', a.title, a.type, p.name, p.slug) ilike all(${patterns}::text[])))`;
}

/** By id or number. */
export async function findIncident(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<IncidentRow | undefined> {
  const which = isId(reference)
    ? sql`i.id = ${reference}::uuid`
    : /^\d{1,9}$/.test(reference)
      ? sql`i.number = ${Number(reference)}`
      : undefined;
  if (which === undefined) return undefined;
  const { rows } =
    await sql<IncidentRow>`${from} where i.organization_id = ${organizationId} and ${which}`.execute(tx);
  return rows[0];
}

export async function findIncidentOfAlert(tx: Tx, alertId: string): Promise<IncidentRow | undefined> {
  const { rows } = await sql<IncidentRow>`${from}
    where i.id = (select ia.incident_id from incident_alerts ia where ia.alert_id = ${alertId})`.execute(tx);
  return rows[0];
}

/** In the order in which they opened. */
export async function loadIncidentRows(tx: Tx, ids: readonly string[]): Promise<IncidentRow[]> {
  const { rows } =
    await sql<IncidentRow>`${from} where i.id = any(${ids.filter(isId)}::uuid[]) order by i.opened_at, i.id`.execute(
      tx,
    );
  return rows;
}

export interface TimelineRow {
  readonly id: string;
  readonly at: Date;
  readonly kind: IncidentTransitionKind;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly why: string;
  readonly note: string | null;
  readonly details: Record<string, unknown>;
}

/** The newest lines, oldest first. */
export async function listTimeline(tx: Tx, incidentId: string, limit: number): Promise<TimelineRow[]> {
  const { rows } = await sql<TimelineRow>`
    select id, at, kind, actor_kind, actor_id, actor_name, why, note, details
    from incident_transitions where incident_id = ${incidentId} order by at desc, id desc limit ${limit}`.execute(
    tx,
  );
  return rows.reverse();
}

export interface MemberRow {
  readonly alert_id: string;
  readonly fingerprint: string;
  readonly joined_at: Date;
  readonly recovered_at: Date | null;
  readonly how: JoinedHow;
  readonly times: number;
}

/** The newest alert of each fingerprint; those that are not over first. */
export async function listMembers(tx: Tx, incidentId: string, limit: number): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select * from (
      select distinct on (ia.fingerprint) ia.alert_id, ia.fingerprint, ia.joined_at, ia.recovered_at, ia.how,
        (count(*) over (partition by ia.fingerprint))::int as times
      from incident_alerts ia where ia.incident_id = ${incidentId}
      order by ia.fingerprint, ia.recovered_at is null desc, ia.joined_at desc, ia.alert_id desc
    ) m order by recovered_at is not null, joined_at, alert_id limit ${limit}`.execute(tx);
  return rows;
}

export interface LinkRow {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly added_by: string;
  readonly added_at: Date;
}

export async function listLinks(tx: Tx, incidentId: string): Promise<LinkRow[]> {
  const { rows } = await sql<LinkRow>`
    select id, url, title, added_by, added_at from incident_links where incident_id = ${incidentId}
    order by added_at, id`.execute(tx);
  return rows;
}
