import Type, { type Static, type TSchema } from 'typebox';
import { DeviceSlug, Duration, Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';
import { PingStanding } from './pings.ts';
import { keptSecret } from './vocabulary.ts';

/** `pending`: no result yet. `unknown`: we cannot tell, and the reason says why. */
export const checkStatuses = ['pending', 'up', 'down', 'unknown'] as const;
export type CheckStatus = (typeof checkStatuses)[number];

/** `unable`: this server could not make the check; it says nothing about the target. */
export const probeOutcomes = ['ok', 'failed', 'unable'] as const;
export type ProbeOutcome = (typeof probeOutcomes)[number];

/** Where neither the check nor its device's type says otherwise; times in seconds. */
export const checkSettingDefaults = {
  interval: 60,
  timeout: 10,
  retries: 1,
  alert_after_failures: 2,
  recover_after_successes: 1,
} as const;

/** How many checks one check may depend on. */
export const checkDependenciesMax = 32;

const closed = { additionalProperties: false } as const;
const Reference = Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id.' });

export const CheckConfig = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description: 'The fields of the kind, as `GET /api/v1/{org}/check-kinds` describes them.',
});

function overridable<T extends TSchema>(schema: T, description: string) {
  return Type.Optional(Type.Union([schema, Type.Null()], { description: `${description} ${elsewhere}` }));
}
const elsewhere = 'Null or not sent: the value of its device type, or else the default.';

const checkFields = {
  name: Type.Optional(Name),
  config: CheckConfig,
  interval: overridable(Duration, 'How often, from 1 s to 7 d; default 60 s.'),
  timeout: overridable(Duration, 'Of one attempt, from 0.05 s to 300 s; default 10 s.'),
  retries: overridable(
    Type.Integer({ minimum: 0, maximum: 10 }),
    'Retries within one run before it counts as failed; default 1.',
  ),
  alert_after_failures: overridable(
    Type.Integer({ minimum: 1, maximum: 100 }),
    'Failed runs in a row until the check is down; default 2.',
  ),
  recover_after_successes: overridable(
    Type.Integer({ minimum: 1, maximum: 100 }),
    'Good runs in a row until it is up again; default 1.',
  ),
  site: Type.Optional(Nullable(Reference)),
  device: Type.Optional(Nullable(Reference)),
  depends_on: Type.Optional(
    Type.Array(Reference, {
      maxItems: checkDependenciesMax,
      uniqueItems: true,
      description: 'Checks that this one depends on. While one of them is down, this one is not judged.',
    }),
  ),
  enabled: Type.Optional(Type.Boolean({ description: 'true unless told.' })),
};

export const CheckInput = Type.Object(
  {
    slug: DeviceSlug,
    kind: Type.Optional(
      Type.String({
        maxLength: 64,
        description: "One of GET check-kinds. Optional if the device's type names a method.",
      }),
    ),
    ...checkFields,
  },
  closed,
);
export type CheckInput = Static<typeof CheckInput>;

/** Of a manifest. */
export const manifestChecksMax = 10_000;
export const ManifestChecks = Type.Array(CheckInput, { maxItems: manifestChecksMax });

export const CheckUpdate = Type.Object(
  {
    slug: Type.Optional(DeviceSlug),
    kind: Type.Optional(Type.String({ maxLength: 64, description: 'May be repeated, never changed.' })),
    ...checkFields,
  },
  { ...closed, description: `Secrets left out or sent as "${keptSecret}" stay as they are.` },
);
export type CheckUpdate = Static<typeof CheckUpdate>;

const milliseconds = Nullable(Type.Number());
export const ProbeTimings = Type.Object(
  {
    dns_ms: milliseconds,
    connect_ms: milliseconds,
    tls_ms: milliseconds,
    first_byte_ms: milliseconds,
    total_ms: milliseconds,
  },
  { description: 'Length of each phase; first_byte and total count from the start. null: did not happen.' },
);
export type ProbeTimings = Static<typeof ProbeTimings>;

export const CheckState = Type.Object({
  status: Type.Enum([...checkStatuses]),
  since: Timestamp,
  reason: Nullable(Type.String({ description: 'Why it is down or unknown.' })),
  consecutive_failures: Type.Integer(),
  consecutive_successes: Type.Integer(),
  last_result: Nullable(
    Type.Object({
      at: Timestamp,
      outcome: Type.Enum([...probeOutcomes]),
      reason: Type.String(),
      total_ms: Nullable(Type.Number()),
    }),
  ),
  next_due_at: Nullable(Timestamp),
});

const settings = {
  interval: Type.Number({ description: 'Seconds; 0 for a check that waits for calls.' }),
  timeout: Type.Number({ description: 'Seconds.' }),
  retries: Type.Integer(),
  alert_after_failures: Type.Integer(),
  recover_after_successes: Type.Integer(),
};

export const Check = Type.Object({
  id: Id,
  slug: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown()),
  ...settings,
  overrides: Type.Array(Type.Enum(Object.keys(settings)), {
    description: 'Which of the five are set on the check itself; the others follow its device type.',
  }),
  site: Nullable(Type.String()),
  device: Nullable(Type.String()),
  depends_on: Type.Array(Type.String()),
  enabled: Type.Boolean(),
  managed_by: Nullable(
    Type.Enum(['environment'], {
      description: 'A variable of the server creates it, and decides its url and whether it is on.',
    }),
  ),
  state: CheckState,
  ping_url: Nullable(
    Type.String({
      description:
        'Of the kind `ping`: call it when the job is done. Secret: null for those who may not change checks.',
    }),
  ),
  ping: Nullable(PingStanding),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Check = Static<typeof Check>;
export const CheckPage = Page(Check);

export const CheckListQuery = Type.Object(
  {
    ...ListQuery.properties,
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the slug or name.' })),
    status: Type.Optional(Type.Enum([...checkStatuses])),
    kind: Type.Optional(Type.String({ maxLength: 64 })),
    site: Type.Optional(Reference),
    device: Type.Optional(Reference),
  },
  closed,
);
export type CheckListQuery = Static<typeof CheckListQuery>;

export const CheckResult = Type.Object({
  at: Timestamp,
  outcome: Type.Enum([...probeOutcomes]),
  status: Type.Enum([...checkStatuses], { description: 'The state of the check after this result.' }),
  reason: Type.String(),
  attempts: Type.Integer(),
  timings: ProbeTimings,
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type CheckResult = Static<typeof CheckResult>;
export const CheckResultPage = Page(CheckResult);

export const CheckResultQuery = Type.Object(
  {
    ...ListQuery.properties,
    outcome: Type.Optional(Type.Enum([...probeOutcomes])),
    since: Type.Optional(Timestamp),
  },
  closed,
);
export type CheckResultQuery = Static<typeof CheckResultQuery>;

export const CheckRun = Type.Object(
  {
    at: Timestamp,
    outcome: Type.Enum([...probeOutcomes]),
    reason: Type.String(),
    attempts: Type.Integer(),
    timings: ProbeTimings,
    details: Type.Record(Type.String(), Type.Unknown()),
    log: Type.Array(
      Type.Object({ ms: Type.Number({ description: 'Since the start.' }), line: Type.String() }),
    ),
  },
  {
    description:
      'The result of only this run. It is not recorded; a scheduled run follows at once and is recorded.',
  },
);
export type CheckRun = Static<typeof CheckRun>;

export const CheckKindDescription = Type.Object({
  kind: Type.String(),
  label: Type.String(),
  help: Type.String(),
  schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of `config`.' }),
  secrets: Type.Array(Type.String({ description: 'Fields that are written, never read.' })),
  example: Type.Record(Type.String(), Type.Unknown()),
});
export const CheckKinds = Type.Object({ data: Type.Array(CheckKindDescription) });
