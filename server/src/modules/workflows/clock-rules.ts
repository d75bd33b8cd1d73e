import { type ClockRule, stampedRows } from '#platform/clock-step';
import { waitSecondsMax } from './steps/remind.ts';

/** Triggers compare these times with those of incidents, and a reminder waits for its own. */
export const workflowClockRules: readonly ClockRule[] = [
  stampedRows({ table: 'workflows', past: ['enabled_at', 'created_at', 'updated_at'] }),
  stampedRows({ table: 'workflow_stops', past: ['stopped_at'] }),
  stampedRows({
    table: 'workflow_runs',
    past: ['started_at', 'finished_at'],
    // A lease of a clock that was ahead ends now: the step has an id, so it acts once.
    ahead: { due_at: waitSecondsMax, lease_until: 0 },
  }),
  stampedRows({ table: 'workflow_checklists', past: ['created_at'] }),
  stampedRows({ table: 'workflow_messages', past: ['at', 'planned_at'], ahead: { plan_after: 0 } }),
];
