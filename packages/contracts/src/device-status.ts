import Type, { type Static } from 'typebox';
import { Id, ListQuery, Nullable, Page, Timestamp } from './common.ts';
import { deviceStatuses } from './vocabulary.ts';

/**
 * Who can say how a device is, the most believed first: the device itself, what we found when we looked, what
 * should have called us, the network it hangs on, the doors' own log and system, and last the remote management.
 */
export const witnesses = ['agent', 'direct', 'check_in', 'network', 'access_log', 'access', 'rmm'] as const;
export type Witness = (typeof witnesses)[number];

/** Why an operator should look at a device, from what its sources say. */
export const deviceFlags = [
  'offline',
  'unresponsive',
  'degraded',
  'sources_disagree',
  'source_stale',
] as const;
export type DeviceFlag = (typeof deviceFlags)[number];

/** How old a third party's word may be. Older, it says nothing: `unknown`, never `offline`. */
export const sourceFreshSeconds = 300;

const closed = { additionalProperties: false } as const;
const Status = Type.Enum([...deviceStatuses]);

export const DeviceSource = Type.Object({
  witness: Type.Enum([...witnesses]),
  name: Type.String({ description: 'In words, e.g. the name of the source or of the check.' }),
  kind: Type.String({ description: '`heartbeat`, `access_log`, or the kind of the check.' }),
  check: Nullable(Type.String({ description: 'Slug of the check behind it.' })),
  source: Nullable(Type.String({ description: 'Slug of the third-party source behind it.' })),
  state: Type.Enum([...deviceStatuses], { description: 'Its report, in its own words.' }),
  since: Nullable(Timestamp),
  last_observed: Nullable(Timestamp),
  fresh: Type.Boolean({ description: 'false: too old to count; the state is then unknown.' }),
  counts_as: Type.Enum([...deviceStatuses], {
    description: 'Its state for the verdict. A failure counts only when its check is down.',
  }),
  words: Type.String(),
});
export type DeviceSource = Static<typeof DeviceSource>;

export const DeviceVerdict = Type.Object({
  status: Status,
  since: Nullable(Timestamp),
  decided_by: Nullable(Type.String({ description: 'Name of the source that counts.' })),
  disagreement: Type.Boolean({ description: 'Another fresh source contradicts it.' }),
  reason: Type.String(),
});
export type DeviceVerdict = Static<typeof DeviceVerdict>;

export const DeviceSources = Type.Object(
  {
    device: Type.String(),
    status: Type.Enum([...deviceStatuses], {
      description: 'The verdict, or `maintenance` during planned work.',
    }),
    verdict: DeviceVerdict,
    order: Type.Array(Type.Enum([...witnesses]), { description: 'The one that counts first.' }),
    data: Type.Array(DeviceSource),
  },
  { description: 'What each source says, since when, and which one counts.' },
);
export type DeviceSources = Static<typeof DeviceSources>;

export const DeviceStatusRecord = Type.Object({
  device: Type.String(),
  id: Id,
  name: Type.String(),
  type: Nullable(Type.String()),
  location: Type.String({ description: 'Slug of the site.' }),
  location_name: Type.String(),
  bay: Nullable(Type.String({ description: 'Slug of the area.' })),
  bay_name: Nullable(Type.String()),
  pc_online: Nullable(Type.Boolean({ description: 'null: not known.' })),
  last_successful_check: Nullable(
    Type.String({ format: 'date-time', description: 'Last good check or heartbeat.' }),
  ),
  consecutive_failures: Type.Integer({ description: 'The highest number of any of its checks.' }),
  booking_active: Nullable(Type.Boolean({ description: 'null: unavailable, no bookings are known.' })),
  auto_flag: Type.Boolean(),
  flag_type: Nullable(Type.Enum([...deviceFlags])),
  status: Status,
  since: Nullable(Timestamp),
  reason: Type.String(),
});
export type DeviceStatusRecord = Static<typeof DeviceStatusRecord>;
export const DeviceStatusPage = Page(DeviceStatusRecord);

export const DeviceStatusQuery = Type.Object(
  {
    ...ListQuery.properties,
    site: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id.' })),
    area: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id.' })),
    type: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id.' })),
  },
  closed,
);
export type DeviceStatusQuery = Static<typeof DeviceStatusQuery>;
