import type { WorkflowRunQuery, WorkflowRunStatus, WorkflowStepOutcome } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import { incidentRows } from '#modules/incidents';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { toJson } from '#platform/storable';
import type { Step } from '../definition/definition.ts';

/** A step of a run; `id` makes it act once. */
export interface RunStep extends Step {
  readonly id: string;
}

export interface StepAnswer {
  readonly outcome: WorkflowStepOutcome;
  readonly answer: string;
  readonly at: string;
}

export interface RunRow {
  readonly id: string;
  readonly organization_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly incident_id: string;
  readonly status: WorkflowRunStatus;
  readonly dry_run: boolean;
  readonly why: string;
  readonly steps: readonly RunStep[];
  readonly results: readonly StepAnswer[];
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

const columns = sql`r.id, r.organization_id, r.workflow_id, r.workflow_name, r.incident_id, r.status, r.dry_run, r.why, r.steps,
  r.results, r.started_at, r.finished_at`;

export interface NewRun {
  readonly organizationId: string;
  readonly workflow: {
    readonly id: string;
    readonly name: string;
    readonly mode: string;
    readonly steps: readonly Step[];
  };
  readonly incidentId: string;
  readonly status: 'running' | 'skipped';
  readonly why: string;
}

/** Undefined: this workflow has run for this incident. */
export async function insertRun(tx: Tx, run: NewRun, at: Date): Promise<string | undefined> {
  const steps = run.workflow.steps.map((step): RunStep => ({ ...step, id: newId() }));
  const { rows } = await sql<{ id: string }>`
    insert into workflow_runs (organization_id, id, workflow_id, workflow_name, incident_id, status, dry_run, why, steps, due_at,
      started_at, finished_at)
    values (${run.organizationId}, ${newId()}, ${run.workflow.id}, ${run.workflow.name}, ${run.incidentId}, ${run.status},
      ${run.workflow.mode === 'dry_run'}, ${run.why}, ${toJson(steps)}::jsonb, ${at}, ${at}, ${run.status === 'running' ? null : at})
    on conflict (workflow_id, incident_id) do nothing returning id`.execute(tx);
  return rows[0]?.id;
}

/** Runs of a workflow that began since then, dry ones and skipped ones left out. */
export async function countRuns(tx: Tx, workflowId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from workflow_runs
    where workflow_id = ${workflowId} and started_at > ${since} and status <> 'skipped' and not dry_run`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}

export interface ClaimedRun extends RunRow {
  readonly lease: string;
}

/** Runs whose next step is due, for this worker alone until the lease ends by the database's clock. Across tenants. */
export async function claimRuns(
  tx: Tx,
  claim: { now: Date; leaseSeconds: number; limit: number },
): Promise<ClaimedRun[]> {
  const lease = newId();
  const { rows } = await sql<ClaimedRun>`
    update workflow_runs r set lease = ${lease}, lease_until = clock_timestamp() + make_interval(secs => ${claim.leaseSeconds})
    where r.id in (select id from workflow_runs where status = 'running' and due_at <= ${claim.now}
      and (lease_until is null or lease_until < clock_timestamp()) order by due_at, id limit ${claim.limit} for update skip locked)
    returning ${columns}, r.lease`.execute(tx);
  return rows;
}

export interface RunProgress {
  readonly status: WorkflowRunStatus;
  readonly results: readonly StepAnswer[];
  readonly dueAt: Date;
  readonly finishedAt: Date | null;
  /** The worker goes on with the next step; otherwise anybody may. */
  readonly keeps: boolean;
}

/** False: the lease was lost, or somebody stopped the run. */
export async function saveProgress(tx: Tx, run: ClaimedRun, progress: RunProgress): Promise<boolean> {
  const { rows } = await sql`
    update workflow_runs set status = ${progress.status}, results = ${toJson(progress.results)}::jsonb,
      due_at = ${progress.dueAt}, finished_at = ${progress.finishedAt},
      lease = case when ${progress.keeps} then lease end,
      lease_until = case when ${progress.keeps} then lease_until end
    where id = ${run.id} and lease = ${run.lease} and status = 'running' returning 1`.execute(tx);
  return rows.length > 0;
}

/** Ends the runs that are under way before their next step. Returns how many. */
export async function stopRuns(
  tx: Tx,
  of: { organizationId: string; workflowId?: string },
  at: Date,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update workflow_runs set status = 'stopped', finished_at = ${at}, lease = null, lease_until = null
    where organization_id = ${of.organizationId} and status = 'running'
      and (${of.workflowId ?? null}::uuid is null or workflow_id = ${of.workflowId ?? null})`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

export interface ListedRun extends RunRow {
  readonly incident_number: number;
  readonly incident_title: string;
}

export async function listRunRows(
  tx: Tx,
  organizationId: string,
  query: Pick<WorkflowRunQuery, 'workflow' | 'incident' | 'status'>,
  page: { after: { at: Date; id: string } | undefined; limit: number },
): Promise<ListedRun[]> {
  const { rows } = await sql<ListedRun>`
    select ${columns}, i.number as incident_number, i.title as incident_title
    from workflow_runs r join ${incidentRows} i on i.id = r.incident_id
    where r.organization_id = ${organizationId}
      and (${query.workflow ?? null}::uuid is null or r.workflow_id = ${query.workflow ?? null})
      and (${query.incident ?? null}::uuid is null or r.incident_id = ${query.incident ?? null})
      and (${query.status ?? null}::text is null or r.status = ${query.status ?? null})
      and (${page.after?.at ?? null}::timestamptz is null
        or (r.started_at, r.id) < (${page.after?.at ?? null}::timestamptz, ${page.after?.id ?? null}::uuid))
    order by r.started_at desc, r.id desc limit ${page.limit}`.execute(tx);
  return rows;
}

/** How many runs wait for a worker, and how long the first has been due. Across tenants. */
export async function readBacklog(tx: Tx, now: Date): Promise<{ count: number; oldestSeconds: number }> {
  const { rows } = await sql<{ count: number; oldestSeconds: number }>`
    select count(*)::int as count, coalesce(extract(epoch from ${now}::timestamptz - min(due_at)), 0)::float8 as "oldestSeconds"
    from workflow_runs where status = 'running' and due_at <= ${now} and (lease_until is null or lease_until < clock_timestamp())`.execute(
    tx,
  );
  return rows[0] ?? { count: 0, oldestSeconds: 0 };
}

/** Runs that ended before then. Returns how many were deleted. */
export async function deleteOldRuns(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from workflow_runs where id in (select id from workflow_runs where finished_at < ${before} limit ${limit})`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}
