import { type RawBuilder, sql } from 'kysely';
import { alertRows, ruleRows } from '#modules/alerting';
import type { Transition } from '#modules/delivery';
import { incidentAlertRows, incidentRows, incidentTransitionRows } from '#modules/incidents';
import { areaRows, deviceRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import type { IncidentTransition } from './change.ts';
import { type Facts, type PartFacts, partsMax } from './facts.ts';

interface TransitionRow extends Omit<IncidentTransition, 'escalateTo'> {
  readonly escalateTo: unknown;
}

/** Changes with the facts that decide who is notified and what the message says, oldest incident first. */
export async function selectTransitions(
  tx: Tx,
  organizationId: string,
  transitionIds: readonly string[],
  now: Date,
): Promise<IncidentTransition[]> {
  const { rows } = await sql<TransitionRow>`
    select t.id, t.incident_id as "subjectId", t.kind, i.severity, i.status, i.muted_by as "mutedBy",
      i.muted_reason as "mutedReason", i.flapping_since is not null as flapping, coalesce(i.snoozed_until > ${now}, false) as snoozed,
      t.actor_kind <> 'system' as "byHand",
      coalesce((t.details ->> 'adopted')::boolean, false) as adopted,
      coalesce((t.details ->> 'over')::boolean, false) as over, (t.details ->> 'into')::int as into,
      parts.tells,
      -- As the policy names them now: a channel may have been renamed since. Without a policy, as it named them then.
      coalesce(p.levels -> (coalesce((t.details ->> 'level')::int, 1) - 1) -> 'channels',
        t.details -> 'escalate_to_channels') as "escalateTo",
      jsonb_build_object(
        'incident_id', i.id, 'number', i.number, 'transition', t.kind, 'at', t.at, 'title', i.title, 'why', t.why,
        'severity', i.severity, 'priority', i.priority,
        'site', case when s.id is null then null
          else jsonb_build_object('slug', s.slug, 'name', s.name, 'timezone', s.timezone) end,
        'areas', coalesce(i.counts -> 'area_names', '[]'), 'cause', i.verdict ->> 'suggested_cause',
        'counts', jsonb_build_object('alerts', coalesce((i.counts ->> 'alerts')::int, 0),
          'open', coalesce((i.counts ->> 'open')::int, 0), 'recovered', coalesce((i.counts ->> 'recovered')::int, 0),
          'muted', coalesce((i.counts ->> 'muted')::int, 0), 'devices', coalesce((i.counts ->> 'devices')::int, 0)),
        'opened_at', i.opened_at,
        'resolved_at', case when t.kind = 'resolved' then coalesce(i.resolved_at, t.at) end,
        'resolved_by', case when t.kind = 'resolved' and t.actor_kind <> 'system' then t.actor_name end,
        'resolved_reason', case when t.kind = 'resolved' then coalesce(i.resolved_reason, t.why) end,
        'action_taken', case when t.kind = 'resolved' then i.action_taken end,
        'alerts', parts.alerts
      ) as facts
    from ${incidentTransitionRows} t
    join ${incidentRows} i on i.id = t.incident_id
    cross join lateral ${partsOf(sql`i.id`)} parts
    left join escalation_policies p on p.rule_id = (t.details ->> 'rule_id')::uuid and t.kind = 'escalated'
    left join ${siteRows} s on s.id = i.site_id
    where t.organization_id = ${organizationId} and t.id = any(${[...transitionIds]}::uuid[])
    order by i.opened_at, t.id`.execute(tx);
  return rows.map((row) => ({
    ...row,
    escalateTo: textList(row.escalateTo),
    facts: withUtcTimes(row.facts),
  }));
}

/** The alerts of an incident: those to list, and whom their rules tell. One whose rule names no channel tells all. */
function partsOf(incidentId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select coalesce(jsonb_agg(part.facts order by part.place) filter (where part.place <= ${partsMax}), '[]') as alerts,
      case when bool_or(cardinality(part.channels) = 0) or count(*) = 0 then '{}'
        else (select array_agg(distinct word) from unnest(string_to_array(string_agg(array_to_string(part.channels, chr(10)), chr(10)), chr(10))) word)
      end as tells
    from (
      select coalesce(r.channels, '{}') as channels,
        row_number() over (order by a.suppressed_by is not null, a.status = 'resolved', a.opened_at, a.id) as place,
        jsonb_build_object(
          'alert_id', a.id, 'type', a.type, 'severity', a.severity, 'title', a.title, 'why', a.why,
          'status', a.status, 'muted', a.suppressed_by is not null,
          'site', case when s.id is null then null
            else jsonb_build_object('slug', s.slug, 'name', s.name, 'timezone', s.timezone) end,
          'area', ar.name,
          'device', case when d.id is null then null else jsonb_build_object('slug', d.slug, 'name', d.name) end,
          'opened_at', a.opened_at, 'resolved_at', a.resolved_at, 'resolved_by', null,
          'resolved_reason', a.resolved_reason, 'action_taken', a.action_taken) as facts
      from ${incidentAlertRows} m
      join ${alertRows} a on a.id = m.alert_id
      left join ${ruleRows} r on r.id = a.rule_id
      left join ${siteRows} s on s.id = a.site_id
      left join ${deviceRows} d on d.id = a.device_id
      left join ${areaRows} ar on ar.id = d.area_id
      where m.incident_id = ${incidentId}
    ) part
  )`;
}

/** PostgreSQL writes the offset of its session; messages use Z. */
function withUtcTimes(facts: Facts): Facts {
  return {
    ...facts,
    at: toUtc(facts.at),
    opened_at: toUtc(facts.opened_at),
    resolved_at: facts.resolved_at === null ? null : toUtc(facts.resolved_at),
    alerts: facts.alerts.map(
      (part): PartFacts => ({
        ...part,
        opened_at: toUtc(part.opened_at),
        resolved_at: part.resolved_at === null ? null : toUtc(part.resolved_at),
      }),
    ),
  };
}

function toUtc(text: string): string {
  return new Date(text).toISOString();
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export interface Related {
  /** An incident that became part of this one, or an alert that the release before told of. */
  readonly id: string;
  readonly incidentId: string;
}

/** Other subjects by which people heard of these incidents. */
export async function selectRelated(tx: Tx, incidentIds: readonly string[]): Promise<Related[]> {
  const { rows } = await sql<Related>`
    select i.id, i.merged_into as "incidentId" from ${incidentRows} i where i.merged_into = any(${[...incidentIds]}::uuid[])
    union all
    select m.alert_id, m.incident_id from ${incidentAlertRows} m
    where m.incident_id = any(${[...incidentIds]}::uuid[]) and m.how = 'adopted'`.execute(tx);
  return rows;
}

/** A change that could not be planned, with only the facts that every incident has. */
export async function findBareTransition(
  tx: Tx,
  organizationId: string,
  transitionId: string,
): Promise<Transition<Facts> | undefined> {
  const { rows } = await sql<Transition<Facts>>`
    select t.id, t.incident_id as "subjectId", t.kind,
      jsonb_build_object('incident_id', i.id, 'number', i.number, 'transition', t.kind, 'at', t.at, 'title', i.title,
        'why', t.why, 'severity', i.severity, 'priority', i.priority, 'site', null, 'areas', '[]'::jsonb, 'cause', null,
        'counts', '{"alerts": 0, "open": 0, "recovered": 0, "muted": 0, "devices": 0}'::jsonb, 'opened_at', i.opened_at,
        'resolved_at', null, 'resolved_by', null, 'resolved_reason', null, 'action_taken', null, 'alerts', '[]'::jsonb) as facts
    from ${incidentTransitionRows} t join ${incidentRows} i on i.id = t.incident_id
    where t.organization_id = ${organizationId} and t.id = ${transitionId}`.execute(tx);
  return rows[0];
}
