import {
  listLimitDefault,
  type WorkflowRun,
  type WorkflowRunQuery,
  type WorkflowStepResult,
} from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { stepWords } from '../definition/definition.ts';
import { type ListedRun, listRunRows } from './run-store.ts';

/** Newest first. */
export async function listRuns(ctx: Pick<Ctx, 'db'>, scope: Scope, query: WorkflowRunQuery) {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const page = { after: decodeTimeCursor(query.cursor), limit: limit + 1 };
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    listRunRows(tx, scope.organizationId, query, page),
  );
  return toPage(rows, limit, (row) => [row.started_at.toISOString(), row.id], toRun);
}

export function toRun(row: ListedRun): WorkflowRun {
  return {
    id: row.id,
    workflow: { id: row.workflow_id, name: row.workflow_name },
    incident: { id: row.incident_id, number: row.incident_number, title: row.incident_title },
    status: row.status,
    dry_run: row.dry_run,
    why: row.why,
    started_at: row.started_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    steps: row.steps.map((step, index): WorkflowStepResult => {
      const result = row.results[index];
      return {
        kind: step.kind,
        words: stepWords(step),
        outcome: result?.outcome ?? null,
        answer: result?.answer ?? null,
        at: result?.at ?? null,
      };
    }),
  };
}
