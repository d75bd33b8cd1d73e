import type { Workflow } from '@watchkeeper/contracts';
import { stepWords, triggerWords } from './definition.ts';
import type { WorkflowRow } from './store.ts';

export function toWorkflow(row: WorkflowRow): Workflow {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    trigger: row.trigger,
    conditions: row.conditions,
    steps: row.steps.map((step) => ({ ...step, config: { ...step.config }, words: stepWords(step) })),
    runs_per_hour: row.runs_per_hour,
    words: triggerWords(row.trigger, row.conditions),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    version: row.version,
  };
}

/** What the audit keeps of a workflow. */
export function toAuditRecord(
  row: Pick<WorkflowRow, 'name' | 'mode' | 'trigger' | 'conditions' | 'steps' | 'runs_per_hour'>,
) {
  const { name, mode, trigger, conditions, steps, runs_per_hour } = row;
  return { name, mode, trigger, conditions, steps, runs_per_hour };
}
