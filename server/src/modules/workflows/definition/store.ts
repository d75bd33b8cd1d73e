import type { WorkflowConditions, WorkflowMode, WorkflowTrigger } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';
import type { Definition, Step } from './definition.ts';

export interface WorkflowRow {
  readonly id: string;
  readonly name: string;
  readonly mode: WorkflowMode;
  readonly trigger: WorkflowTrigger;
  readonly conditions: WorkflowConditions;
  readonly steps: readonly Step[];
  readonly runs_per_hour: number;
  /** Sealed. */
  readonly secret: string;
  readonly enabled_at: Date | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

const columns = sql`id, name, mode, trigger, conditions, steps, runs_per_hour, secret, enabled_at, created_by, created_at,
  updated_at, version`;

export async function listWorkflowRows(
  tx: Tx,
  organizationId: string,
  limit: number,
): Promise<WorkflowRow[]> {
  const { rows } = await sql<WorkflowRow>`
    select ${columns} from workflows where organization_id = ${organizationId} order by lower(name), id limit ${limit}`.execute(
    tx,
  );
  return rows;
}

export async function findWorkflow(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<WorkflowRow | undefined> {
  const { rows } = await sql<WorkflowRow>`
    select ${columns} from workflows where organization_id = ${organizationId} and id = ${id}`.execute(tx);
  return rows[0];
}

/** Locked until the transaction ends. */
export async function lockWorkflow(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<WorkflowRow | undefined> {
  const { rows } = await sql<WorkflowRow>`
    select ${columns} from workflows where organization_id = ${organizationId} and id = ${id} for update`.execute(
    tx,
  );
  return rows[0];
}

export async function hasName(
  tx: Tx,
  organizationId: string,
  name: string,
  except: string | null,
): Promise<boolean> {
  const { rows } = await sql`
    select from workflows where organization_id = ${organizationId} and lower(name) = lower(${name})
      and (${except}::uuid is null or id <> ${except})`.execute(tx);
  return rows.length > 0;
}

export async function insertWorkflow(
  tx: Tx,
  organizationId: string,
  definition: Definition,
  made: { id: string; secret: string; by: string; at: Date },
): Promise<void> {
  const { name, mode, trigger, conditions, steps, runs_per_hour: runsPerHour } = definition;
  await sql`
    insert into workflows (organization_id, id, name, mode, trigger, conditions, steps, runs_per_hour, secret, enabled_at,
      created_by, created_at, updated_at)
    values (${organizationId}, ${made.id}, ${name}, ${mode}, ${toJson(trigger)}::jsonb, ${toJson(conditions)}::jsonb,
      ${toJson(steps)}::jsonb, ${runsPerHour}, ${made.secret}, ${mode === 'off' ? null : made.at}, ${made.by}, ${made.at}, ${made.at})`.execute(
    tx,
  );
}

/** One that is switched on runs for what happens from now on, never for what is past. */
export async function updateWorkflow(tx: Tx, id: string, definition: Definition, at: Date): Promise<void> {
  const { name, mode, trigger, conditions, steps, runs_per_hour: runsPerHour } = definition;
  await sql`
    update workflows set name = ${name}, mode = ${mode}, trigger = ${toJson(trigger)}::jsonb,
      conditions = ${toJson(conditions)}::jsonb, steps = ${toJson(steps)}::jsonb, runs_per_hour = ${runsPerHour},
      enabled_at = case when ${mode} = 'off' then null when mode = ${mode} then enabled_at else ${at} end,
      updated_at = ${at}, version = version + 1
    where id = ${id}`.execute(tx);
}

export async function deleteWorkflowRow(tx: Tx, id: string): Promise<void> {
  await sql`delete from workflows where id = ${id}`.execute(tx);
}

export interface StopRow {
  readonly stopped_at: Date;
  readonly stopped_by: string;
  readonly reason: string;
}

export async function findStop(tx: Tx, organizationId: string): Promise<StopRow | undefined> {
  const { rows } = await sql<StopRow>`
    select stopped_at, stopped_by, reason from workflow_stops where organization_id = ${organizationId}`.execute(
    tx,
  );
  return rows[0];
}

/** False: they were stopped already, and that word stays. */
export async function insertStop(tx: Tx, organizationId: string, stop: StopRow): Promise<boolean> {
  const { rows } = await sql`
    insert into workflow_stops (organization_id, stopped_at, stopped_by, reason)
    values (${organizationId}, ${stop.stopped_at}, ${stop.stopped_by}, ${stop.reason})
    on conflict do nothing returning 1`.execute(tx);
  return rows.length > 0;
}

export async function deleteStop(tx: Tx, organizationId: string): Promise<boolean> {
  const { rows } =
    await sql`delete from workflow_stops where organization_id = ${organizationId} returning 1`.execute(tx);
  return rows.length > 0;
}
