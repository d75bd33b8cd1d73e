import Type, { type Static } from 'typebox';
import { AlertType, SeverityName } from './alerting.ts';
import { Duration, Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';
import { PriorityName } from './incidents.ts';
import { verdictKinds } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;

export const workflowStepsMax = 20;
export const workflowsMax = 50;
/** A step may take this long, in seconds. */
export const workflowStepSecondsMax = 300;
export const workflowRunsPerHourMax = 200;
/** A workflow on an incident's age may wait this long: seven days. */
export const workflowAgeSecondsMax = 7 * 86_400;
/** A checklist has at most so many items. */
export const workflowStepItemsMax = 50;
/** A preview looks this far back at most. */
export const workflowPreviewDaysMax = 90;

/** `dry_run`: it says what it would do, and does nothing. */
export const workflowModes = ['off', 'dry_run', 'on'] as const;
export type WorkflowMode = (typeof workflowModes)[number];
export const workflowMoments = ['opened', 'priority', 'verdict', 'age', 'resolved'] as const;
export type WorkflowMoment = (typeof workflowMoments)[number];
export const workflowRunStatuses = ['running', 'done', 'failed', 'skipped', 'stopped'] as const;
export type WorkflowRunStatus = (typeof workflowRunStatuses)[number];
export const workflowStepOutcomes = ['done', 'failed', 'would', 'waiting'] as const;
export type WorkflowStepOutcome = (typeof workflowStepOutcomes)[number];

export const WorkflowTrigger = Type.Object(
  {
    on: Type.Enum([...workflowMoments], {
      description: 'What starts it. A workflow runs at most once for an incident, and never for a muted one.',
    }),
    priority: Type.Optional({
      ...PriorityName,
      description: 'For `priority`: this one or a more urgent one.',
    }),
    verdicts: Type.Optional(
      Type.Array(Type.Enum([...verdictKinds]), {
        maxItems: verdictKinds.length,
        uniqueItems: true,
        description: 'For `verdict`: one of these; none: any.',
      }),
    ),
    confidence_min: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: 'For `verdict`: at least this sure.' }),
    ),
    after: Type.Optional({ ...Duration, description: 'For `age`: since the incident opened.' }),
    unacknowledged: Type.Optional(
      Type.Boolean({ description: 'For `age`: only while nobody has acknowledged it.' }),
    ),
  },
  closed,
);
export type WorkflowTrigger = Static<typeof WorkflowTrigger>;

const Slugs = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
      maxItems: 100,
      uniqueItems: true,
      description,
    }),
  );

export const WorkflowConditions = Type.Object(
  {
    severity_min: Type.Optional({ ...SeverityName, description: 'This severity or a heavier one.' }),
    priority_min: Type.Optional({ ...PriorityName, description: 'This priority or a more urgent one.' }),
    sites: Slugs('Slugs; none: all sites.'),
    types: Type.Optional(
      Type.Array(AlertType, {
        maxItems: 100,
        uniqueItems: true,
        description: 'One of its alerts has one of these types.',
      }),
    ),
    hours: Type.Optional(
      Type.Enum(['open', 'closed'], {
        description: 'Only while the site is open, or only while it is closed.',
      }),
    ),
  },
  closed,
);
export type WorkflowConditions = Static<typeof WorkflowConditions>;

export const WorkflowStep = Type.Object(
  {
    kind: Type.String({ minLength: 1, maxLength: 63 }),
    config: Type.Record(Type.String(), Type.Unknown()),
    timeout: Type.Optional({
      ...Duration,
      description: `Default 30 s; at most ${workflowStepSecondsMax} s.`,
    }),
    on_failure: Type.Optional(
      Type.Enum(['continue', 'stop'], { description: 'Default `continue`: the next step follows.' }),
    ),
  },
  closed,
);
export type WorkflowStep = Static<typeof WorkflowStep>;

export const WorkflowBody = Type.Object(
  {
    name: Name,
    mode: Type.Optional(Type.Enum([...workflowModes], { description: 'Default `off`.' })),
    trigger: WorkflowTrigger,
    conditions: Type.Optional(WorkflowConditions),
    steps: Type.Array(WorkflowStep, { minItems: 1, maxItems: workflowStepsMax }),
    runs_per_hour: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: workflowRunsPerHourMax,
        description: 'Default 20. Beyond it, a run is skipped, and the list of runs says so.',
      }),
    ),
  },
  closed,
);
export type WorkflowBody = Static<typeof WorkflowBody>;

export const Workflow = Type.Object({
  id: Id,
  name: Type.String(),
  mode: Type.Enum([...workflowModes]),
  trigger: WorkflowTrigger,
  conditions: WorkflowConditions,
  steps: Type.Array(
    Type.Object({
      kind: Type.String(),
      config: Type.Record(Type.String(), Type.Unknown()),
      timeout: Type.Number({ description: 'Seconds.' }),
      on_failure: Type.Enum(['continue', 'stop']),
      words: Type.String({ description: 'What the step does.' }),
    }),
  ),
  runs_per_hour: Type.Integer(),
  words: Type.String({ description: 'When it runs.' }),
  created_by: Type.String(),
  created_at: Timestamp,
  updated_at: Timestamp,
  version: Type.Integer(),
});
export type Workflow = Static<typeof Workflow>;

export const WorkflowCreated = Type.Object({
  ...Workflow.properties,
  signing_secret: Type.String({
    description: 'Signs the webhooks of its steps after Standard Webhooks. Shown once.',
  }),
});
export type WorkflowCreated = Static<typeof WorkflowCreated>;

export const WorkflowList = Type.Object({
  data: Type.Array(Workflow, { description: 'By name.' }),
  stopped: Nullable(
    Type.Object(
      { at: Timestamp, by: Type.String(), reason: Type.String() },
      { description: 'Since then nothing runs, whatever the modes say.' },
    ),
  ),
});
export type WorkflowList = Static<typeof WorkflowList>;

export const WorkflowStopBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }) },
  closed,
);
export const WorkflowStartBody = Type.Object({ incident: Id }, closed);

export const WorkflowStepResult = Type.Object({
  kind: Type.String(),
  words: Type.String({ description: 'What the step does.' }),
  outcome: Nullable(Type.Enum([...workflowStepOutcomes], { description: 'null: it has not begun.' })),
  answer: Nullable(Type.String({ description: 'What it answered.' })),
  at: Nullable(Timestamp),
});
export type WorkflowStepResult = Static<typeof WorkflowStepResult>;

export const WorkflowRun = Type.Object({
  id: Id,
  workflow: Type.Object({ id: Id, name: Type.String() }),
  incident: Type.Object({ id: Id, number: Type.Integer(), title: Type.String() }),
  status: Type.Enum([...workflowRunStatuses]),
  dry_run: Type.Boolean(),
  why: Type.String({ description: 'Why it runs, or why it does not.' }),
  started_at: Timestamp,
  finished_at: Nullable(Timestamp),
  steps: Type.Array(WorkflowStepResult),
});
export type WorkflowRun = Static<typeof WorkflowRun>;
export const WorkflowRunPage = Page(WorkflowRun);

export const WorkflowRunQuery = Type.Object(
  {
    ...ListQuery.properties,
    workflow: Type.Optional(Id),
    incident: Type.Optional(Id),
    status: Type.Optional(Type.Enum([...workflowRunStatuses])),
  },
  closed,
);
export type WorkflowRunQuery = Static<typeof WorkflowRunQuery>;

export const WorkflowPreviewBody = Type.Object(
  {
    ...WorkflowBody.properties,
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: workflowPreviewDaysMax, description: 'Default 30.' }),
    ),
  },
  closed,
);
export type WorkflowPreviewBody = Static<typeof WorkflowPreviewBody>;

export const WorkflowPreview = Type.Object({
  words: Type.String({ description: 'When it runs.' }),
  steps: Type.Array(Type.String(), { description: 'What each step does.' }),
  days: Type.Integer(),
  count: Type.Integer({
    description: 'Incidents of these days that it would have run for, judged by how they are now.',
  }),
  incidents: Type.Array(
    Type.Object({ id: Id, number: Type.Integer(), title: Type.String(), opened_at: Timestamp }),
    { description: 'Newest first, at most 20.' },
  ),
});
export type WorkflowPreview = Static<typeof WorkflowPreview>;

export const Checklist = Type.Object({
  id: Id,
  title: Type.String(),
  url: Nullable(Type.String()),
  items: Type.Array(
    Type.Object({ text: Type.String(), done_at: Nullable(Timestamp), done_by: Nullable(Type.String()) }),
  ),
});
export type Checklist = Static<typeof Checklist>;

/** What workflows did for one incident. */
export const IncidentResponses = Type.Object({
  runs: Type.Array(WorkflowRun, { description: 'Oldest first, at most 50.' }),
  checklists: Type.Array(Checklist, { description: 'Oldest first, at most 50.' }),
});
export type IncidentResponses = Static<typeof IncidentResponses>;

export const ChecklistItemBody = Type.Object({ done: Type.Boolean() }, closed);

export const WorkflowStepKinds = Type.Object({
  data: Type.Array(
    Type.Object({
      kind: Type.String(),
      label: Type.String(),
      help: Type.String(),
      schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of `config`.' }),
      secrets: Type.Array(Type.String()),
      example: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});
export type WorkflowStepKinds = Static<typeof WorkflowStepKinds>;
