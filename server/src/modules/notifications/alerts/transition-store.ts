import { sql } from 'kysely';
import { alertRows, alertTransitionRows, ruleRows } from '#modules/alerting';
import type { Transition } from '#modules/delivery';
import { areaRows, deviceRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import type { Facts } from './facts.ts';
import type { AlertTransition } from './plan.ts';

interface TransitionRow extends Omit<AlertTransition, 'escalateTo'> {
  readonly escalateTo: unknown;
}

/** Transitions with the facts that decide who is notified and what the message says, oldest alert first. */
export async function selectTransitions(
  tx: Tx,
  organizationId: string,
  transitionIds: readonly string[],
): Promise<AlertTransition[]> {
  const { rows } = await sql<TransitionRow>`
    select t.id, t.alert_id as "subjectId", t.kind, a.severity, a.status as "alertStatus",
      a.suppressed_by as "suppressedBy", a.suppressed_reason as "suppressedReason",
      coalesce(r.channels, '{}') as tells,
      -- As the policy names them now: a channel may have been renamed since. Without a policy, as it named them then.
      coalesce(p.levels -> (coalesce((t.details ->> 'level')::int, 1) - 1) -> 'channels',
        t.details -> 'escalate_to_channels') as "escalateTo",
      jsonb_build_object(
        'alert_id', a.id, 'transition', t.kind, 'at', t.at, 'type', a.type, 'severity', a.severity,
        'title', a.title, 'why', a.why,
        'site', case when s.id is null then null
          else jsonb_build_object('slug', s.slug, 'name', s.name, 'timezone', s.timezone) end,
        'area', ar.name,
        'device', case when d.id is null then null else jsonb_build_object('slug', d.slug, 'name', d.name) end,
        'opened_at', a.opened_at,
        'resolved_at', case when t.kind = 'resolved' then coalesce(a.resolved_at, t.at) end,
        'resolved_by', case when t.kind = 'resolved' and t.actor_kind <> 'system' then t.actor_name end,
        'resolved_reason', case when t.kind = 'resolved' then coalesce(a.resolved_reason, t.why) end,
        'action_taken', case when t.kind = 'resolved' then a.action_taken end
      ) as facts
    from ${alertTransitionRows} t
    join ${alertRows} a on a.id = t.alert_id
    left join ${ruleRows} r on r.id = a.rule_id
    left join escalation_policies p on p.rule_id = a.rule_id and t.kind = 'escalated'
    left join ${siteRows} s on s.id = a.site_id
    left join ${deviceRows} d on d.id = a.device_id
    left join ${areaRows} ar on ar.id = d.area_id
    where t.organization_id = ${organizationId} and t.id = any(${[...transitionIds]}::uuid[])
    order by a.opened_at, t.id`.execute(tx);
  return rows.map((row) => ({
    ...row,
    escalateTo: textList(row.escalateTo),
    facts: withUtcTimes(row.facts),
  }));
}

/** PostgreSQL writes the offset of its session; messages use Z. */
function withUtcTimes(facts: Facts): Facts {
  const utc = (text: string) => new Date(text).toISOString();
  return {
    ...facts,
    at: utc(facts.at),
    opened_at: utc(facts.opened_at),
    resolved_at: facts.resolved_at === null ? null : utc(facts.resolved_at),
  };
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A transition that could not be planned, with only the facts that every alert has. */
export async function findBareTransition(
  tx: Tx,
  organizationId: string,
  transitionId: string,
): Promise<Transition | undefined> {
  const { rows } = await sql<Transition>`
    select t.id, t.alert_id as "subjectId", t.kind,
      jsonb_build_object('alert_id', a.id, 'transition', t.kind, 'at', t.at, 'type', a.type, 'severity', a.severity,
        'title', a.title, 'why', a.why, 'opened_at', a.opened_at) as facts
    from ${alertTransitionRows} t join ${alertRows} a on a.id = t.alert_id
    where t.organization_id = ${organizationId} and t.id = ${transitionId}`.execute(tx);
  return rows[0];
}
