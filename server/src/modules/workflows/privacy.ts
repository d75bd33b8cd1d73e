import { personalRows } from '#platform/personal-rows';

export const workflowsPrivacy = [
  personalRows({
    table: 'workflows',
    what: 'who made a workflow, and the words in its steps',
    names: { created_by: null },
    texts: ['name'],
    json: ['trigger', 'conditions', 'steps'],
    beside: ['id', 'created_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'workflow_stops',
    what: 'who stopped all workflows, and why',
    names: { stopped_by: null },
    texts: ['reason'],
    beside: ['stopped_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'workflow_runs',
    what: 'who started a workflow, and what its steps answered',
    texts: ['workflow_name', 'why'],
    json: ['steps', 'results'],
    beside: ['id', 'started_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'workflow_checklists',
    what: 'who did which item of a checklist',
    texts: ['title', 'url'],
    json: ['items'],
    beside: ['incident_id', 'created_at'],
    erases: 'trace',
  }),
  personalRows({
    table: 'workflow_messages',
    what: 'the words of a message of a workflow',
    texts: ['workflow_name', 'text'],
    beside: ['incident_id', 'at'],
    erases: 'trace',
  }),
];
