import type { Severity, SubjectKind } from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import { organizationRows } from '#modules/identity';
import { deviceRows, siteRows } from '#modules/inventory';
import { eventCountRows, eventRows } from '#modules/telemetry';
import type { Observation, ObservedRule } from '../judgement.ts';
import type { Focus } from '../kind.ts';
import { startsCooldown } from './watching.ts';

/** The SQL fragments that the `observe` of every kind shares, and the row that they return. */

export const noDevice = '00000000-0000-0000-0000-000000000000';

export interface ObservedRow {
  rule_id: string;
  organization_id: string;
  type: string;
  rule_name: string;
  severity: Severity;
  auto_resolve: boolean;
  cooldown_seconds: number;
  config: object;
  subject_kind: SubjectKind;
  subject_id: string;
  subject_name: string;
  site_id: string | null;
  device_id: string | null;
  device_status: string | null;
  alert_id: string | null;
  last_resolved_at: Date | null;
  pending_since: Date | null;
  pending_condition?: string | null;
}

/** Of a rules row under the alias `r`. */
export const ruleColumns = sql`r.id as rule_id, r.organization_id, r.type, r.name as rule_name, r.severity,
  r.auto_resolve, r.cooldown_seconds, r.config`;

/** The open alert of rule `r` and `subject`, under the alias `a`. */
export function joinOpenAlert(subject: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`left join alerts a on a.organization_id = r.organization_id and a.rule_id = r.id
    and a.subject = ${subject} and a.status <> 'resolved'`;
}

/** A scalar subquery, so that it runs on its index, once per row that is left, and is never planned as a hash join. */
export function lastResolvedAt(subject: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select x.resolved_at from alerts x where x.organization_id = r.organization_id and x.rule_id = r.id
    and x.subject = ${subject} and x.status = 'resolved' and ${startsCooldown} order by x.resolved_at desc limit 1)`;
}

export function toObservation<Data>(row: ObservedRow, data: Data): Observation<Data> {
  const coolingUntil =
    row.last_resolved_at === null
      ? null
      : new Date(row.last_resolved_at.getTime() + row.cooldown_seconds * 1000);
  return {
    rule: toObservedRule(row),
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    siteId: row.site_id,
    deviceId: row.device_id,
    deviceStatus: row.device_status,
    openAlertId: row.alert_id,
    coolingUntil,
    pendingSince: row.pending_since,
    pendingCondition: row.pending_condition ?? null,
    data,
  };
}

function toObservedRule(row: ObservedRow): ObservedRule {
  return {
    id: row.rule_id,
    organizationId: row.organization_id,
    type: row.type,
    name: row.rule_name,
    severity: row.severity,
    autoResolve: row.auto_resolve,
    cooldownSeconds: row.cooldown_seconds,
    config: row.config,
  };
}

/**
 * CTEs `r` (enabled rules of an event kind) and `counted` (successes and failures per rule and subject within each
 * rule's window). A subject without events has no row: without data there is nothing to judge.
 */
export function countEvents(kind: string, now: Date, focus: Focus): RawBuilder<unknown> {
  const { events } = focus;
  const onlySites =
    events === undefined
      ? sql``
      : sql`and (r.per = 'organization' or c.site_id = any(${events.siteIds}::uuid[]))`;
  const counted = sql`(r.site_id is null or c.site_id = r.site_id)
        and (r.per <> 'device' or coalesce(c.device_id, ${noDevice}) <> ${noDevice}) ${onlySites}`;
  const subject = sql`case when r.per <> 'organization' then c.site_id end as site_id,
        case when r.per = 'device' then c.device_id end as device_id`;
  return sql`
    r as materialized (
      select *, config->>'event_type' as event_type, config->>'per' as per, config->>'outcome' as outcome,
        (config->>'window_minutes')::float8 * 60 as window_s, (config->>'minimum_samples')::float8 as minimum_samples
      from rules where kind = ${kind} and enabled ${onlyRules(focus)}
    ),
    parts as (
      select r.id as rule_id, ${subject}, c.successes, c.failures
      from r join ${eventCountRows} c on c.organization_id = r.organization_id and c.type = r.event_type
        and c.bucket > ${now}::timestamptz - make_interval(secs => r.window_s) and c.bucket <= ${now} and ${counted}
      union all
      select r.id, ${subject}, (c.outcome = 'success')::int, (c.outcome = 'failure')::int
      from r join ${eventRows} c on ${inFirstMinute(now)} and ${counted}
    ),
    counted as materialized (
      select rule_id, site_id, device_id, sum(successes)::float8 as successes, sum(failures)::float8 as failures
      from parts group by 1, 2, 3
    )`;
}

/** Selects the rules of an event kind that this inspection is about. */
export function onlyRules({ events, organizationIds }: Focus): RawBuilder<unknown> {
  if (organizationIds !== undefined) return sql`and organization_id = any(${[...organizationIds]}::uuid[])`;
  return events === undefined
    ? sql``
    : sql`and organization_id = ${events.organizationId} and config->>'event_type' = any(${events.types})`;
}

/** The longest window that exists, in milliseconds, plus the time that a sender's clock may be ahead. */
const receivedMsMax = (24 * 60 + 10) * 60_000;

/**
 * Events are counted by whole minutes, but a window can begin within a minute. So the events `c` of rule `r` in its
 * first minute, if they are inside the window, are counted one by one. This makes a window of 60 min exactly 60 min.
 */
export function inFirstMinute(now: Date): RawBuilder<unknown> {
  const begin = sql`${now}::timestamptz - make_interval(secs => r.window_s)`;
  return sql`c.organization_id = r.organization_id and c.type = r.event_type and c.occurred_at > ${begin}
        and c.occurred_at < date_trunc('minute', ${begin}, 'UTC') + interval '1 minute'
        and c.received_at > ${new Date(now.getTime() - receivedMsMax)}`;
}

/** The subject of a `counted` row `c`, as alerts.subject writes it. */
export const countedSubject = sql`case r.per when 'organization' then 'organization:' || r.organization_id
  when 'device' then 'device:' || c.device_id else 'site:' || c.site_id end`;

/** Columns and joins that name the subject of a `counted` row `c`. */
export const countedSubjectColumns = sql`r.per as subject_kind,
  case r.per when 'organization' then r.organization_id when 'device' then c.device_id else c.site_id end as subject_id,
  case r.per when 'organization' then o.name when 'device' then d.name else s.name end as subject_name,
  c.site_id, c.device_id, null::text as device_status, null::timestamptz as pending_since`;
export const countedSubjectJoins = sql`join ${organizationRows} o on o.id = r.organization_id
  left join ${siteRows} s on s.id = c.site_id left join ${deviceRows} d on d.id = c.device_id`;
/** Leaves out subjects that were removed after their events came in. */
export const countedSubjectExists = sql`(r.per = 'organization' or s.id is not null)
  and (r.per <> 'device' or (d.id is not null and d.retired_at is null))`;
