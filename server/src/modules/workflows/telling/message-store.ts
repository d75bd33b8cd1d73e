import { sql } from 'kysely';
import { incidentRows } from '#modules/incidents';
import { siteRows } from '#modules/inventory';
import { nowDate } from '#platform/clock';
import type { Tx } from '#platform/db/database';
import { defineOutbox } from '#platform/outbox';
import type { StepWork } from '../step-kind.ts';
import type { Facts } from './facts.ts';

/** What steps want told. A row is written by the step, and planned by any process. */
export const messageOutbox = defineOutbox<object>({
  name: 'messages of workflows',
  table: 'workflow_messages',
  columns: {},
  oldestBy: 'at',
});

/** Writes down what is to be told, once: the row has the id of the step. */
export async function handOver(
  {
    ctx,
    scope,
    stepId,
    incident,
    workflow,
  }: Pick<StepWork, 'ctx' | 'scope' | 'stepId' | 'incident' | 'workflow'>,
  { channels, text }: { readonly channels: readonly string[]; readonly text: string },
): Promise<void> {
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    await sql`
      insert into workflow_messages (organization_id, id, incident_id, workflow_name, channels, text, at)
      values (${organizationId}, ${stepId}, ${incident.id}, ${workflow.name}, ${[...channels]}, ${text}, ${nowDate(ctx.clock)})
      on conflict (id) do nothing`.execute(tx);
    await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [] });
  });
}

export interface WaitingMessage {
  readonly id: string;
  readonly subjectId: string;
  readonly channels: readonly string[];
  readonly facts: Facts;
}

/** With the incident as it is now. */
export async function selectMessages(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<WaitingMessage[]> {
  const { rows } = await sql<WaitingMessage>`
    select m.id, m.incident_id as "subjectId", m.channels,
      jsonb_build_object('incident_id', i.id, 'number', i.number, 'title', i.title, 'severity', i.severity,
        'priority', i.priority, 'status', i.status,
        'opened_at', to_char(i.opened_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'site', case when s.id is null then null
          else jsonb_build_object('slug', s.slug, 'name', s.name, 'timezone', s.timezone) end,
        'workflow', m.workflow_name, 'text', m.text) as facts
    from workflow_messages m
    join ${incidentRows} i on i.id = m.incident_id
    left join ${siteRows} s on s.id = i.site_id
    where m.organization_id = ${organizationId} and m.id = any(${[...ids]}::uuid[])
    order by m.at, m.id`.execute(tx);
  return rows;
}
