import Type, { type Static } from 'typebox';
import { Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';

/**
 * `new`: has never checked in. `late`: due, within its grace. `started`: a run is under way. `overrunning`:
 * one is, for too long. `down`: missing, or it said that it failed. `paused`: switched off.
 */
export const pingPhases = ['new', 'up', 'late', 'down', 'started', 'overrunning', 'paused'] as const;
export type PingPhase = (typeof pingPhases)[number];

export const pingKinds = ['success', 'start', 'fail', 'log', 'ignored'] as const;
export const pingSources = ['healthchecks', 'uptime_kuma', 'gatus'] as const;

const closed = { additionalProperties: false } as const;
const milliseconds = Nullable(Type.Number({ description: 'Milliseconds.' }));

/** Of a check of the kind `ping`. */
export const PingStanding = Type.Object({
  phase: Type.Enum([...pingPhases]),
  push_url: Nullable(
    Type.String({
      description:
        'The same check, in the form of an Uptime Kuma push. Secret: null for those who may not change checks.',
    }),
  ),
  pings: Type.Integer({ description: 'The number of all pings so far.' }),
  last_ping_at: Nullable(Timestamp),
  last_duration_ms: milliseconds,
  running_since: Nullable(Timestamp),
  runs: Type.Integer({ description: 'Runs under way.' }),
  expected_at: Nullable(Timestamp),
  alarm_at: Nullable(
    Type.String({ format: 'date-time', description: 'If no ping comes until then, the check fails.' }),
  ),
});
export type PingStanding = Static<typeof PingStanding>;

const pingFields = {
  n: Type.Integer({ description: 'Its number among all pings of this check.' }),
  at: Timestamp,
  kind: Type.Enum([...pingKinds], { description: '`ignored`: its method or its words do not count.' }),
  source: Type.Enum([...pingSources], { description: 'The tool whose wire format it used.' }),
  exit_status: Nullable(Type.Integer()),
  rid: Nullable(Type.String({ description: 'Run id: pairs a start with its end.' })),
  method: Type.String(),
  remote_address: Type.String(),
  user_agent: Type.String(),
  duration_ms: milliseconds,
  body_bytes: Type.Integer({ description: 'As it was sent; at most the first 10,000 are kept.' }),
};

export const ReceivedPing = Type.Object({
  ...pingFields,
  body_start: Nullable(Type.String({ description: 'The first 200 characters of the body.' })),
});
export type ReceivedPing = Static<typeof ReceivedPing>;
export const ReceivedPingPage = Page(ReceivedPing);

export const ReceivedPingDetail = Type.Object({
  ...pingFields,
  body: Nullable(Type.String({ description: 'The kept part, read as UTF-8.' })),
});
export type ReceivedPingDetail = Static<typeof ReceivedPingDetail>;

export const PingKey = Type.Object(
  {
    id: Id,
    name: Type.String(),
    key: Nullable(Type.String({ description: 'Secret. null: shown only to those who may change checks.' })),
    url: Nullable(Type.String({ description: 'Append the slug of a check.' })),
    created_at: Timestamp,
  },
  { description: 'Opens the slug form of ping URLs, and Gatus pushes, to all checks of an organization.' },
);
export type PingKey = Static<typeof PingKey>;
export const PingKeyList = Type.Object({ data: Type.Array(PingKey) });

export const PingKeyInput = Type.Object(
  {
    name: Name,
    key: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._~-]{8,128}$',
        description: 'A key to take over from Healthchecks or Gatus. Default: a new key.',
      }),
    ),
  },
  closed,
);
export type PingKeyInput = Static<typeof PingKeyInput>;

export const ReceivedPingQuery = Type.Object({ ...ListQuery.properties }, closed);
export type ReceivedPingQuery = Static<typeof ReceivedPingQuery>;
