import Type, { type Static } from 'typebox';
import {
  Alert,
  AlertStatusName,
  alertNoteLengthMax,
  alertSearchLengthMax,
  SeverityName,
} from './alerting.ts';
import { attentions } from './attention.ts';
import { Duration, Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';
import {
  alertStatuses,
  incidentTransitionKinds,
  joinedHows,
  priorities,
  priorityInputNames,
  suppressionReasons,
  verdictKinds,
} from './vocabulary.ts';

const closed = { additionalProperties: false } as const;

const Reference = Type.Object({ id: Id, slug: Type.String(), name: Type.String() });
export const PriorityName = Type.Enum([...priorities], { description: 'P1 is the most urgent.' });

export const PriorityInput = Type.Object({
  name: Type.Enum([...priorityInputNames]),
  value: Type.String({ description: 'What it was, in words; of an unavailable input, why.' }),
  weight: Type.Number({ description: 'The most points that it can have.' }),
  points: Nullable(
    Type.Number({
      description: 'What it added to the urgency; null: it is unavailable, and its weight does not count.',
    }),
  ),
});
export type PriorityInput = Static<typeof PriorityInput>;

export const IncidentPriority = Type.Object({
  level: PriorityName,
  by: Nullable(Type.String({ description: 'Who set it by hand; null: it was computed.' })),
  reason: Nullable(Type.String({ description: 'Why it was set by hand.' })),
  inputs: Type.Array(PriorityInput, { description: 'What the computed priority stands on.' }),
});
export type IncidentPriority = Static<typeof IncidentPriority>;

export const Verdict = Type.Object({
  kind: Type.Enum([...verdictKinds]),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  evidence: Type.Array(Type.String(), { description: 'What speaks for it, in sentences.' }),
  counter_evidence: Type.Array(Type.String(), { description: 'What speaks against it.' }),
  affected_systems: Type.Array(Type.String(), { description: 'Slugs of devices and names of sources.' }),
  time_window: Type.Object({ from: Timestamp, to: Timestamp }),
  suggested_cause: Type.String(),
});
export type Verdict = Static<typeof Verdict>;

export const IncidentAffected = Type.Object({
  devices: Type.Integer(),
  areas: Type.Integer(),
  sites: Type.Integer(),
  open: Type.Integer({ description: 'Alerts that are not over and not muted.' }),
  recovered: Type.Integer({ description: 'Alerts that are over.' }),
  muted: Type.Integer({ description: 'Alerts that are not over, but muted.' }),
});
export type IncidentAffected = Static<typeof IncidentAffected>;

export const Incident = Type.Object({
  id: Id,
  number: Type.Integer({ description: 'Counts from 1 in the organization.' }),
  tenant_id: Type.String({ description: 'Slug of the organization.' }),
  title: Type.String(),
  status: AlertStatusName,
  severity: SeverityName,
  priority: IncidentPriority,
  attention: Type.Enum([...attentions], {
    description: 'As for an alert; a snoozed incident is `in_hand` until its snooze ends.',
  }),
  site: Nullable(Reference),
  areas: Type.Array(Type.String(), { description: 'Names of the areas of its devices, at most 20.' }),
  affected: IncidentAffected,
  verdict: Nullable(Verdict),
  impact: Type.Object({
    available: Type.Boolean(),
    reason: Nullable(Type.String({ description: 'Why the impact is not known.' })),
  }),
  opened_at: Timestamp,
  last_joined_at: Timestamp,
  acknowledged_at: Nullable(Timestamp),
  acknowledged_by: Nullable(Type.String()),
  assigned_to: Nullable(Type.Object({ id: Id, name: Type.String() })),
  snoozed_until: Nullable(Timestamp),
  resolved_at: Nullable(Timestamp),
  resolved_by: Nullable(Type.String()),
  resolved_reason: Nullable(Type.String()),
  action_taken: Nullable(Type.String()),
  flapping: Nullable(Type.Object({ since: Timestamp })),
  muted: Nullable(
    Type.Object({
      by: Type.Enum([...suppressionReasons]),
      reason: Nullable(Type.String()),
    }),
  ),
  merged_into: Nullable(Type.Object({ id: Id, number: Type.Integer() })),
  alert_count: Type.Integer({ description: 'Different alerts: repeats of one are counted once.' }),
  repeat_count: Type.Integer({ description: 'How often one of its alerts came again.' }),
  note: Type.String({ description: 'What was learned; empty: nothing is written yet.' }),
  version: Type.Integer(),
});
export type Incident = Static<typeof Incident>;

export const IncidentTransition = Type.Object({
  id: Id,
  at: Timestamp,
  kind: Type.Enum([...incidentTransitionKinds]),
  actor: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  why: Type.String(),
  note: Nullable(Type.String()),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type IncidentTransition = Static<typeof IncidentTransition>;

/** An alert within an incident; repeats of the same alert are one row. */
export const IncidentAlert = Type.Object({
  alert: Alert,
  fingerprint: Type.String({ description: 'The same for every recurrence of this alert.' }),
  joined_at: Timestamp,
  recovered_at: Nullable(Timestamp),
  how: Type.Enum([...joinedHows], { description: 'Why it belongs to this incident.' }),
  times: Type.Integer({ description: 'How often it opened within this incident.' }),
});
export type IncidentAlert = Static<typeof IncidentAlert>;

/** An earlier incident with one of the same alerts. */
export const SimilarIncident = Type.Object({
  id: Id,
  number: Type.Integer(),
  title: Type.String(),
  status: AlertStatusName,
  opened_at: Timestamp,
  resolved_at: Nullable(Timestamp),
  resolved_by: Nullable(Type.String()),
  resolved_reason: Nullable(Type.String()),
  action_taken: Nullable(Type.String()),
  shared: Type.Integer({ description: 'How many different alerts it has in common.' }),
});
export type SimilarIncident = Static<typeof SimilarIncident>;

export const IncidentLink = Type.Object({
  id: Id,
  url: Type.String(),
  title: Type.String(),
  added_by: Type.String(),
  added_at: Timestamp,
});
export type IncidentLink = Static<typeof IncidentLink>;

/** Similar incidents are looked for this far back. */
export const similarDays = 30;

export const IncidentWithTimeline = Type.Object({
  ...Incident.properties,
  site_timezone: Nullable(Type.String({ description: 'IANA name: the time zone of the place.' })),
  alerts: Type.Array(IncidentAlert, {
    description: 'Those that are not over first, at most 500; `alert_count` counts all.',
  }),
  timeline: Type.Array(IncidentTransition, { description: 'Oldest first; of a longer one the newest 500.' }),
  similar: Type.Object({
    count: Type.Integer({
      description: `Incidents of the last ${similarDays} days with one of the same alerts.`,
    }),
    incidents: Type.Array(SimilarIncident, { description: 'Newest first, at most 10.' }),
  }),
  links: Type.Array(IncidentLink, { description: 'Oldest first.' }),
  suggested_step: Nullable(
    Type.Object(
      { url: Type.String(), title: Type.String() },
      { description: 'The runbook of the rule of the most severe alert; null: it has none.' },
    ),
  ),
});
export type IncidentWithTimeline = Static<typeof IncidentWithTimeline>;

export const IncidentPage = Page(Incident);

export const incidentOrders = ['newest', 'weight'] as const;
export type IncidentOrder = (typeof incidentOrders)[number];

export const IncidentQuery = Type.Object(
  {
    ...ListQuery.properties,
    status: Type.Optional(
      Type.Enum([...alertStatuses, 'active', 'snoozed'], {
        description: '`active` is open or acknowledged; `snoozed` is active and snoozed now.',
      }),
    ),
    severity: Type.Optional(SeverityName),
    priority: Type.Optional(PriorityName),
    site: Type.Optional(Type.String({ maxLength: 128, description: 'Slug or id.' })),
    type: Type.Optional(Type.String({ maxLength: 63, description: 'One of its alerts has this type.' })),
    device: Type.Optional(
      Type.String({ maxLength: 128, description: 'One of its alerts is about this device: slug or id.' }),
    ),
    alert: Type.Optional({ ...Id, description: 'The incident of this alert.' }),
    assigned_to: Type.Optional(
      Type.String({ maxLength: 64, description: 'Id of a member, `me`, or `nobody`.' }),
    ),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Opened at or after this time.' })),
    q: Type.Optional(
      Type.String({
        maxLength: alertSearchLengthMax,
        description:
          'Words that all occur in the title, the site, or a title of its alerts. `#12` is a number.',
      }),
    ),
    order: Type.Optional(
      Type.Enum([...incidentOrders], {
        default: 'newest',
        description:
          '`weight`: first the incidents that need somebody, then those in hand, then muted ones; the more urgent first, the older first.',
      }),
    ),
  },
  closed,
);
export type IncidentQuery = Static<typeof IncidentQuery>;

const Note = Type.String({ minLength: 1, maxLength: alertNoteLengthMax, pattern: '\\S' });
const OptionalNote = { note: Type.Optional(Type.String({ maxLength: alertNoteLengthMax })) };
/** The longest snooze, in seconds: thirty days. */
export const snoozeSecondsMax = 30 * 86_400;
/** So many alerts or incidents are merged, split or acted on in one request. */
export const bulkIncidentsMax = 100;
export const incidentNoteLengthMax = 20_000;

export const IncidentAcknowledgeBody = Type.Object(OptionalNote, closed);
export type IncidentAcknowledgeBody = Static<typeof IncidentAcknowledgeBody>;
export const IncidentAssignBody = Type.Object(
  { user: Nullable({ ...Id, description: 'A member of the organization; null: nobody.' }) },
  closed,
);
export type IncidentAssignBody = Static<typeof IncidentAssignBody>;
export const IncidentCommentBody = Type.Object({ text: Note }, closed);
export type IncidentCommentBody = Static<typeof IncidentCommentBody>;
export const IncidentSnoozeBody = Type.Object(
  {
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Instead of `for`.' })),
    for: Type.Optional(Duration),
    ...OptionalNote,
  },
  closed,
);
export type IncidentSnoozeBody = Static<typeof IncidentSnoozeBody>;
export const IncidentMergeBody = Type.Object(
  {
    incidents: Type.Array(Id, {
      minItems: 1,
      maxItems: bulkIncidentsMax,
      uniqueItems: true,
      description: 'Those that become part of this one.',
    }),
    ...OptionalNote,
  },
  closed,
);
export type IncidentMergeBody = Static<typeof IncidentMergeBody>;
export const IncidentSplitBody = Type.Object(
  {
    alerts: Type.Array(Id, {
      minItems: 1,
      maxItems: bulkIncidentsMax,
      uniqueItems: true,
      description: 'Those that leave this incident for a new one.',
    }),
    ...OptionalNote,
  },
  closed,
);
export type IncidentSplitBody = Static<typeof IncidentSplitBody>;
export const IncidentResolveBody = Type.Object(
  {
    reason: { ...Note, description: 'Why it is over; `resolution` is accepted too.' },
    action_taken: Type.Optional({ ...Note, description: 'What was done about it.' }),
  },
  closed,
);
export type IncidentResolveBody = Static<typeof IncidentResolveBody>;
export const IncidentLinkBody = Type.Object(
  {
    url: Type.String({ maxLength: 2000, pattern: '^https?://', description: 'http or https.' }),
    title: Type.Optional(Name),
  },
  closed,
);
export type IncidentLinkBody = Static<typeof IncidentLinkBody>;
export const IncidentNoteBody = Type.Object(
  { text: Type.String({ maxLength: incidentNoteLengthMax, description: 'Empty: the note is removed.' }) },
  closed,
);
export type IncidentNoteBody = Static<typeof IncidentNoteBody>;
export const IncidentChange = Type.Object(
  {
    title: Type.Optional(Name),
    priority: Type.Optional(Nullable({ ...PriorityName, description: 'null: computed again.' })),
    reason: Type.Optional({ ...Note, description: 'Needed with a priority.' }),
  },
  closed,
);
export type IncidentChange = Static<typeof IncidentChange>;

const bulkIds = {
  ids: Type.Array(Id, { minItems: 1, maxItems: bulkIncidentsMax, uniqueItems: true }),
};
export const BulkIncidentsBody = Type.Object(bulkIds, closed);
export const BulkIncidentAcknowledgeBody = Type.Object({ ...bulkIds, ...OptionalNote }, closed);
export const BulkIncidentResolveBody = Type.Object({ ...bulkIds, ...IncidentResolveBody.properties }, closed);
export const BulkIncidentResult = Type.Object({
  id: Id,
  outcome: Type.Enum(['changed', 'unchanged', 'conflict', 'not_found']),
  detail: Nullable(Type.String({ description: 'Why it did not change.' })),
  incident: Nullable(Incident),
});
export type BulkIncidentResult = Static<typeof BulkIncidentResult>;
export const BulkIncidentResults = Type.Object({
  data: Type.Array(BulkIncidentResult, { description: 'One per id, in the order asked.' }),
});
export type BulkIncidentResults = Static<typeof BulkIncidentResults>;
