import Type, { type Static } from 'typebox';
import { CheckConfig, CheckKindDescription, CheckRun, checkStatuses } from './checks.ts';
import { DeviceSlug, Duration, Id, ListQuery, Name, Nullable, Page, Slug, Timestamp } from './common.ts';

/** Readings must stay well within the five minutes for which a state is believed. */
export const sourceIntervalSecondsMin = 15;
export const sourceIntervalSecondsMax = 240;
/** An organization with more connections than this has a mistake in its automation. */
export const sourcesMax = 100;

export const observedStates = ['online', 'offline', 'unknown', 'missing'] as const;
export type ObservedState = (typeof observedStates)[number];

export const matchFields = ['name', 'hostname', 'mac'] as const;
export type MatchField = (typeof matchFields)[number];

const closed = { additionalProperties: false } as const;
const Reference = Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id.' });

const sourceFields = {
  name: Type.Optional(Name),
  config: CheckConfig,
  interval: Type.Optional(Duration),
  timeout: Type.Optional(Duration),
  alert_after_failures: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      description: 'Failed readings in a row until the source has an alert; default 2.',
    }),
  ),
  site: Type.Optional(Nullable(Reference)),
  enabled: Type.Optional(Type.Boolean({ description: 'true unless told.' })),
};

export const SourceInput = Type.Object(
  {
    slug: Slug,
    kind: Type.String({ maxLength: 64, description: 'One of GET source-kinds.' }),
    ...sourceFields,
  },
  { ...closed, description: 'One connection to a third party, read in bulk on its interval (default 60 s).' },
);
export type SourceInput = Static<typeof SourceInput>;

export const SourceUpdate = Type.Object(
  {
    slug: Type.Optional(Type.String({ maxLength: 63, description: 'May be repeated, never changed.' })),
    kind: Type.Optional(Type.String({ maxLength: 64, description: 'May be repeated, never changed.' })),
    ...sourceFields,
  },
  { ...closed, description: 'Secrets left out or sent as "***" stay as they are.' },
);
export type SourceUpdate = Static<typeof SourceUpdate>;

export const Source = Type.Object({
  id: Id,
  slug: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown()),
  interval: Type.Number({ description: 'Seconds.' }),
  timeout: Type.Number({ description: 'Seconds.' }),
  alert_after_failures: Type.Integer(),
  site: Nullable(Type.String()),
  enabled: Type.Boolean(),
  check: Type.String({
    description: 'Slug of the check that reads it: its results are those of the readings.',
  }),
  state: Type.Object({
    status: Type.Enum([...checkStatuses]),
    since: Timestamp,
    reason: Nullable(Type.String()),
    last_reading: Nullable(Type.String({ format: 'date-time', description: 'The last that succeeded.' })),
    fresh: Type.Boolean({ description: 'Its last reading is recent enough to count.' }),
    objects: Type.Integer({ description: 'Listed by the last reading.' }),
    linked: Type.Integer({ description: 'Checks that judge a device by its word.' }),
    failing: Nullable(
      Type.Object(
        {
          since: Timestamp,
          reason: Type.String(),
          readings: Type.Integer({ description: 'Failed in a row; `alert_after_failures` make it down.' }),
        },
        {
          description:
            'Its last readings failed, but not yet often enough to count as down and open an alert.',
        },
      ),
    ),
    not_before: Nullable(
      Type.String({ format: 'date-time', description: 'It asked us to wait until then.' }),
    ),
    next_due_at: Nullable(Timestamp),
  }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Source = Static<typeof Source>;
export const SourcePage = Page(Source);

export const SourceKinds = Type.Object({
  data: Type.Array(
    Type.Object({
      ...CheckKindDescription.properties,
      check_kind: Nullable(
        Type.String({
          description: 'The kind of the checks that judge its devices; null if it reads none.',
        }),
      ),
    }),
  ),
});

/** A test reads the source now, with every step in words; the reading counts. */
export const SourceTest = CheckRun;

export const SourceObject = Type.Object({
  ref: Type.String({ description: 'Its id in the source; `ref` of a check.' }),
  name: Type.String(),
  hostname: Nullable(Type.String()),
  macs: Type.Array(Type.String()),
  state: Type.Enum([...observedStates]),
  since: Nullable(Timestamp),
  observed_at: Timestamp,
  fresh: Type.Boolean(),
  details: Type.Record(Type.String(), Type.Unknown()),
  linked: Type.Array(Type.Object({ device: Nullable(Type.String()), check: Type.String() })),
  suggestion: Nullable(
    Type.Object(
      { device: Type.String(), by: Type.Enum([...matchFields]) },
      {
        description: 'A device that looks like it. It does not count until somebody confirms it.',
      },
    ),
  ),
});
export type SourceObject = Static<typeof SourceObject>;
export const SourceObjectPage = Page(SourceObject);

export const SourceObjectQuery = Type.Object(
  {
    ...ListQuery.properties,
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name, host name or ref.' })),
    linked: Type.Optional(Type.Enum(['yes', 'no'])),
  },
  closed,
);
export type SourceObjectQuery = Static<typeof SourceObjectQuery>;

export const SourceLink = Type.Object(
  {
    ref: Type.String({ minLength: 1, maxLength: 200 }),
    device: Reference,
    slug: Type.Optional(DeviceSlug),
  },
  {
    ...closed,
    description: 'Confirms which device it is, and creates the check that judges the device by it.',
  },
);
export type SourceLink = Static<typeof SourceLink>;

export const ManifestSources = Type.Array(SourceInput, { maxItems: sourcesMax });
