import {
  durationSeconds,
  priorities,
  severities,
  type WorkflowConditions,
  type WorkflowTrigger,
} from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import { alertRows } from '#modules/alerting';
import { incidentAlertRows, incidentRows } from '#modules/incidents';
import { siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';

/** Incidents that ended before this are not looked at. */
const endedSecondsMax = 3_600;

interface Asked {
  readonly id: string;
  readonly organizationId: string;
  readonly trigger: WorkflowTrigger;
  readonly conditions: WorkflowConditions;
  readonly enabledAt: Date | null;
}

export interface EnabledWorkflow extends Asked {
  readonly enabledAt: Date;
}

/** Of organizations that have not pulled the kill switch. Across tenants. */
export async function listEnabled(tx: Tx): Promise<EnabledWorkflow[]> {
  const { rows } = await sql<EnabledWorkflow>`
    select w.id, w.organization_id as "organizationId", w.trigger, w.conditions, w.enabled_at as "enabledAt"
    from workflows w where w.mode <> 'off' and w.enabled_at is not null
      and not exists (select from workflow_stops s where s.organization_id = w.organization_id)
    order by w.organization_id, w.id`.execute(tx);
  return rows;
}

/** Incidents for which this workflow is to run and has not, oldest first. */
export async function findDue(
  tx: Tx,
  workflow: EnabledWorkflow,
  now: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.id from ${incidentRows} i
    where ${fits(workflow)} and i.muted_by is null and i.merged_into is null
      and ${happenedSince(workflow, now)}
      and not exists (select from workflow_runs r where r.workflow_id = ${workflow.id} and r.incident_id = i.id)
    order by i.opened_at, i.id limit ${limit}`.execute(tx);
  return rows.map((row) => row.id);
}

export interface PastIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly opened_at: Date;
  readonly total: number;
}

/** Incidents since then that it would have run for, judged by how they are now, newest first. */
export async function findPast(
  tx: Tx,
  workflow: Pick<Asked, 'organizationId' | 'trigger' | 'conditions'>,
  span: { since: Date; now: Date; limit: number },
): Promise<PastIncident[]> {
  const { rows } = await sql<PastIncident>`
    select i.id, i.number, i.title, i.opened_at, (count(*) over ())::int as total from ${incidentRows} i
    where ${fits(workflow)} and i.opened_at >= ${span.since} and ${momentPast(workflow.trigger, span.now)}
    order by i.opened_at desc, i.id desc limit ${span.limit}`.execute(tx);
  return rows;
}

/** Its conditions, apart from opening hours, which only code can judge. */
function fits({
  organizationId,
  conditions,
}: Pick<Asked, 'organizationId' | 'conditions'>): RawBuilder<boolean> {
  const { severity_min: severity, priority_min: priority, sites = [], types = [] } = conditions;
  const heavier = severity === undefined ? severities : severities.slice(0, severities.indexOf(severity) + 1);
  const sooner = priority === undefined ? priorities : priorities.slice(0, priorities.indexOf(priority) + 1);
  return sql<boolean>`i.organization_id = ${organizationId}
    and i.severity = any(${[...heavier]}::text[]) and i.priority = any(${[...sooner]}::text[])
    and (${sites.length === 0}::boolean or exists (select from ${siteRows} s where s.id = i.site_id and s.slug = any(${[...sites]}::text[])))
    and (${types.length === 0}::boolean or exists (select from ${incidentAlertRows} m join ${alertRows} a on a.id = m.alert_id
      where m.incident_id = i.id and a.type = any(${[...types]}::text[])))`;
}

const isActive = sql`i.status <> 'resolved'`;

/** What was the case before the workflow was switched on never starts it. */
function happenedSince({ trigger, enabledAt }: EnabledWorkflow, now: Date): RawBuilder<boolean> {
  const ended = new Date(Math.max(enabledAt.getTime(), now.getTime() - endedSecondsMax * 1_000));
  if (trigger.on === 'resolved') return sql`i.status = 'resolved' and i.resolved_at >= ${ended}`;
  return sql`${isActive} and i.opened_at >= ${enabledAt} and ${momentPast(trigger, now)}`;
}

/** The moment came, sooner or later. */
function momentPast(trigger: WorkflowTrigger, now: Date): RawBuilder<boolean> {
  switch (trigger.on) {
    case 'opened':
      return sql`true`;
    case 'resolved':
      return sql`i.status = 'resolved'`;
    case 'priority': {
      const sooner = priorities.slice(0, priorities.indexOf(trigger.priority ?? 'P1') + 1);
      return sql`i.priority = any(${[...sooner]}::text[])`;
    }
    case 'verdict': {
      const kinds = trigger.verdicts ?? [];
      return sql`i.verdict is not null
        and (${kinds.length === 0}::boolean or i.verdict ->> 'kind' = any(${[...kinds]}::text[]))
        and (i.verdict ->> 'confidence')::float8 >= ${trigger.confidence_min ?? 0}`;
    }
    case 'age': {
      const seconds = durationSeconds(trigger.after ?? 0);
      const unseen = trigger.unacknowledged === true ? sql`and i.acknowledged_at is null` : sql``;
      return sql`coalesce(i.resolved_at, ${now}) >= i.opened_at + make_interval(secs => ${seconds}) ${unseen}`;
    }
  }
}
