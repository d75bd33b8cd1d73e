import Type, { type Static } from 'typebox';
import { Duration, Nullable } from './common.ts';
import { groupByPattern } from './patterns.ts';

const closed = { additionalProperties: false } as const;

/** What alerts must share to join one incident. */
export const GroupBy = Type.String({
  pattern: groupByPattern,
  description:
    '`site`, `area`, `dependency` (the device on which the others depend), `rule_type`, `label:<name>`, or `none`: each alert has an incident of its own.',
});

/** A day. */
export const groupWindowSecondsMax = 86_400;

/** Part of a rule: how its alerts join incidents. What is left out or null is as in the organization. */
export const RuleGrouping = Type.Object(
  {
    by: Type.Optional(Nullable(GroupBy)),
    window: Type.Optional(
      Nullable({
        ...Duration,
        description: 'An alert joins when the last one joined no longer ago than this.',
      }),
    ),
  },
  closed,
);
export type RuleGrouping = Static<typeof RuleGrouping>;

const Seconds = (maximum: number, description: string) => Type.Number({ minimum: 0, maximum, description });

export const Flapping = Type.Object(
  {
    changes: Type.Integer({
      minimum: 2,
      maximum: 100,
      description: 'An incident that begins and ends so often is flapping.',
    }),
    within_seconds: Seconds(86_400, 'Counted over this time.'),
  },
  closed,
);

const settingsFields = {
  group_by: GroupBy,
  group_wait_seconds: Seconds(3_600, 'How long a new incident collects alerts before anybody is told.'),
  group_window_seconds: Seconds(
    groupWindowSecondsMax,
    'An alert joins when the last one joined no longer ago than this.',
  ),
  reopen_window_seconds: Seconds(
    604_800,
    'An alert that comes back within this time reopens its incident; 0: never.',
  ),
  hold_down_seconds: Seconds(3_600, 'The end of a short incident is told when it has held for this long.'),
  flapping: Flapping,
};

/** How the organization groups alerts. */
export const IncidentSettings = Type.Object({
  ...settingsFields,
  defaults: Type.Object(settingsFields, { description: 'Of this installation, where nothing is set.' }),
  set: Type.Array(Type.String(), { description: 'The fields that the organization has set itself.' }),
});
export type IncidentSettings = Static<typeof IncidentSettings>;
export type IncidentSettingValues = Static<ReturnType<typeof Type.Object<typeof settingsFields>>>;

/** Replaces the settings: what is left out or null is as in the installation. */
export const IncidentSettingsBody = Type.Object(
  {
    group_by: Type.Optional(Nullable(settingsFields.group_by)),
    group_wait_seconds: Type.Optional(Nullable(settingsFields.group_wait_seconds)),
    group_window_seconds: Type.Optional(Nullable(settingsFields.group_window_seconds)),
    reopen_window_seconds: Type.Optional(Nullable(settingsFields.reopen_window_seconds)),
    hold_down_seconds: Type.Optional(Nullable(settingsFields.hold_down_seconds)),
    flapping: Type.Optional(Nullable(Flapping)),
  },
  closed,
);
export type IncidentSettingsBody = Static<typeof IncidentSettingsBody>;
