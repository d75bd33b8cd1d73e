import Type, { type Static } from 'typebox';
import { Id, Name, Nullable, Timestamp } from './common.ts';
import { weekdays } from './inventory.ts';

const closed = { additionalProperties: false } as const;

export const onCallTeamsMax = 200;
export const onCallTeamMembersMax = 200;
export const onCallSchedulesMax = 200;
export const onCallLayersMax = 20;
export const onCallLayerMembersMax = 100;
export const onCallRestrictionsMax = 50;
/** Overrides of one schedule that have not ended. */
export const onCallOverridesMax = 500;
/** One request shows at most this span of a schedule. */
export const onCallSpanDaysMax = 366;
/** A turn lasts at most this many hours, days or weeks. */
export const onCallEveryMax = 1_000;
/** The API and the console warn of gaps that begin within this time. */
export const onCallGapDays = 7;

export const rotationUnits = ['hours', 'days', 'weeks'] as const;
export type RotationUnit = (typeof rotationUnits)[number];
export const shiftSources = ['layer', 'override', 'gap'] as const;
export type ShiftSource = (typeof shiftSources)[number];
/** Why nobody is on call. */
export const gapReasons = ['no_member', 'member_left', 'not_covered'] as const;
export type GapReason = (typeof gapReasons)[number];

const TimeOfDay = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  maxLength: 5,
  description: 'Local time of day in the time zone of the schedule, such as 09:00.',
});

export const OnCallRestriction = Type.Object(
  {
    days: Type.Array(Type.Enum([...weekdays]), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: 'The days on which it begins.',
    }),
    from: TimeOfDay,
    to: { ...TimeOfDay, description: 'Not after `from`: on the next day. The same as `from`: a whole day.' },
  },
  closed,
);
export type OnCallRestriction = Static<typeof OnCallRestriction>;

export const OnCallLayer = Type.Object(
  {
    name: Name,
    members: Type.Array(Id, {
      maxItems: onCallLayerMembersMax,
      description:
        'Ids of members, in the order of their turns. One may stand there several times. None: the layer has no shifts.',
    }),
    rotation: Type.Object(
      {
        every: Type.Integer({ minimum: 1, maximum: onCallEveryMax }),
        unit: Type.Enum([...rotationUnits], {
          description:
            'Days and weeks change at the hand-off time of the local clock. Hours are hours that pass, whatever the clock does.',
        }),
      },
      { ...closed, description: 'How long a turn is: 1 days is a daily rotation, 1 weeks a weekly one.' },
    ),
    handoff_time: TimeOfDay,
    starts_on: Type.String({
      format: 'date',
      description: 'The first turn begins on this day, at the hand-off time.',
    }),
    ends_at: Type.Optional(Nullable({ ...Timestamp, description: 'Absent or null: it does not end.' })),
    restrictions: Type.Optional(
      Type.Array(OnCallRestriction, {
        maxItems: onCallRestrictionsMax,
        description: 'The layer counts only at these times of the week. None: always.',
      }),
    ),
  },
  closed,
);
export type OnCallLayer = Static<typeof OnCallLayer>;

export const OnCallScheduleBody = Type.Object(
  {
    name: Name,
    timezone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA name, e.g. America/Halifax.' }),
    team_id: Type.Optional(Nullable(Id)),
    layers: Type.Array(OnCallLayer, {
      maxItems: onCallLayersMax,
      description: 'Where two layers have somebody at the same time, the later one in the list counts.',
    }),
  },
  closed,
);
export type OnCallScheduleBody = Static<typeof OnCallScheduleBody>;

export const OnCallPerson = Type.Object({ id: Id, name: Type.String() });
export type OnCallPerson = Static<typeof OnCallPerson>;

export const OnCallShift = Type.Object({
  from: Timestamp,
  to: Timestamp,
  person: Nullable({ ...OnCallPerson, description: 'null: a gap, nobody is on call.' }),
  source: Type.Enum([...shiftSources]),
  layer: Nullable(Type.Integer({ description: 'The place of the layer in the list, from 0.' })),
  override_id: Nullable(Id),
  gap_reason: Nullable(Type.Enum([...gapReasons])),
});
export type OnCallShift = Static<typeof OnCallShift>;

export const OnCallOverrideBody = Type.Object(
  { user_id: Id, from: Timestamp, to: Timestamp, reason: Type.Optional(Type.String({ maxLength: 500 })) },
  closed,
);
export type OnCallOverrideBody = Static<typeof OnCallOverrideBody>;

export const OnCallOverride = Type.Object({
  id: Id,
  person: Nullable({
    ...OnCallPerson,
    description: 'null: the person has left the organization; it counts no more.',
  }),
  from: Timestamp,
  to: Timestamp,
  reason: Type.String(),
  created_by: Type.String(),
  created_at: Timestamp,
});
export type OnCallOverride = Static<typeof OnCallOverride>;

export const OnCallSchedule = Type.Object({
  id: Id,
  name: Type.String(),
  timezone: Type.String(),
  team_id: Nullable(Id),
  layers: Type.Array(OnCallLayer),
  created_at: Timestamp,
  updated_at: Timestamp,
  version: Type.Integer(),
});
export type OnCallSchedule = Static<typeof OnCallSchedule>;
export const OnCallScheduleList = Type.Object({ data: Type.Array(OnCallSchedule) });
export type OnCallScheduleList = Static<typeof OnCallScheduleList>;

export const OnCallScheduleShown = Type.Object({
  ...OnCallSchedule.properties,
  from: Timestamp,
  to: Timestamp,
  final: Type.Array(OnCallShift, {
    description: 'Who is on call, in order, without holes: gaps are entries.',
  }),
  overrides: Type.Array(OnCallOverride, { description: 'Those that touch the span.' }),
});
export type OnCallScheduleShown = Static<typeof OnCallScheduleShown>;

export const OnCallSpanQuery = Type.Object(
  {
    from: Type.Optional({ ...Timestamp, description: 'Default: now.' }),
    to: Type.Optional({
      ...Timestamp,
      description: `Default: 14 days after \`from\`; at most ${onCallSpanDaysMax} days after it.`,
    }),
  },
  closed,
);
export type OnCallSpanQuery = Static<typeof OnCallSpanQuery>;

const OnCallTurn = Type.Object({
  person: Nullable(OnCallPerson),
  from: Timestamp,
  until: Nullable({ ...Timestamp, description: 'null: not within the next 35 days.' }),
  gap_reason: Nullable(Type.Enum([...gapReasons])),
});
export type OnCallTurn = Static<typeof OnCallTurn>;

export const OnCallNow = Type.Object({
  data: Type.Array(
    Type.Object({
      schedule: Type.Object({ id: Id, name: Type.String(), timezone: Type.String() }),
      now: OnCallTurn,
      next: Nullable(OnCallTurn),
      next_gap: Nullable({
        ...Type.Object({ from: Timestamp, reason: Type.Enum([...gapReasons]) }),
        description: `The first gap that begins within ${onCallGapDays} days, or the present one.`,
      }),
    }),
  ),
});
export type OnCallNow = Static<typeof OnCallNow>;

/** Swaps of one schedule that wait for an answer. */
export const onCallSwapsMax = 100;
export const swapStatuses = ['open', 'accepted', 'declined', 'withdrawn'] as const;
export type SwapStatus = (typeof swapStatuses)[number];
const SwapSpan = Type.Object({ from: Timestamp, to: Timestamp }, closed);
export const OnCallSwapBody = Type.Object(
  {
    user_id: { ...Id, description: 'Who is asked to take the time.' },
    from: Timestamp,
    to: { ...Timestamp, description: 'You are on call all through this time; at most 31 days.' },
    in_return: Type.Optional({ ...SwapSpan, description: 'Time of theirs that you take.' }),
  },
  closed,
);
export type OnCallSwapBody = Static<typeof OnCallSwapBody>;
export const OnCallSwap = Type.Object({
  id: Id,
  asked_by: Nullable(OnCallPerson),
  asked: Nullable(OnCallPerson),
  from: Timestamp,
  to: Timestamp,
  in_return: Nullable(SwapSpan),
  status: Type.Enum([...swapStatuses]),
  created_at: Timestamp,
  answered_at: Nullable(Timestamp),
});
export type OnCallSwap = Static<typeof OnCallSwap>;
export const OnCallSwapList = Type.Object({ data: Type.Array(OnCallSwap) });

export const OnCallFeed = Type.Object({
  token: Type.String(),
  url: Type.String({ description: 'Shown once. Whoever has it may read the calendar.' }),
});
export type OnCallFeed = Static<typeof OnCallFeed>;

export const OnCallTeamBody = Type.Object(
  {
    name: Name,
    members: Type.Array(Id, {
      maxItems: onCallTeamMembersMax,
      uniqueItems: true,
      description: 'Ids of members.',
    }),
  },
  closed,
);
export type OnCallTeamBody = Static<typeof OnCallTeamBody>;
export const OnCallTeam = Type.Object({
  id: Id,
  name: Type.String(),
  members: Type.Array(OnCallPerson, { description: 'Who has left the organization is not among them.' }),
  created_at: Timestamp,
  updated_at: Timestamp,
  version: Type.Integer(),
});
export type OnCallTeam = Static<typeof OnCallTeam>;
export const OnCallTeamList = Type.Object({ data: Type.Array(OnCallTeam) });
export type OnCallTeamList = Static<typeof OnCallTeamList>;
