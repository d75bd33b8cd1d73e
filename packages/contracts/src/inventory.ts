import Type, { type Static } from 'typebox';
import { DeviceSlug, Duration, Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';

/** How many devices one device may depend on. */
export const dependenciesMax = 32;
/** A lunch break, a split shift and a night: eight openings in a day are more than any place has. */
export const periodsPerDayMax = 8;
/** More than a year of single days. */
export const holidaysMax = 400;

const closed = { additionalProperties: false } as const;

/** A site's slug is the heartbeat's `store_id`, so it takes what real fleets call their stores. */
export const SiteSlug = DeviceSlug;
export const AreaSlug = DeviceSlug;
/** Type slugs are our own words, e.g. `trackman_pc`. */
export const DeviceTypeSlug = Type.String({
  pattern: '^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$',
  maxLength: 63,
  description: 'Lower-case letters, digits, underscores and hyphens.',
});
/** A slug or an id of something that exists. */
export const Reference = Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id.' });

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof weekdays)[number];

export const OpeningPeriod = Type.Object(
  {
    open: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Local time, HH:MM.' }),
    close: Type.String({
      pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
      description: 'Local time, HH:MM or 24:00. At or before `open` it means the next day.',
    }),
  },
  closed,
);
export type OpeningPeriod = Static<typeof OpeningPeriod>;

const DayPeriods = Type.Array(OpeningPeriod, { maxItems: periodsPerDayMax });

export const Holiday = Type.Object(
  {
    date: Type.String({ format: 'date', description: 'The local date on which it replaces the weekday.' }),
    name: Type.Optional(Type.String({ maxLength: 100 })),
    closed: Type.Optional(Type.Boolean({ description: 'true: closed all day.' })),
    periods: Type.Optional(DayPeriods),
  },
  { ...closed, description: 'Either `closed: true` or `periods`.' },
);
export type Holiday = Static<typeof Holiday>;

export const OpeningHours = Type.Object(
  {
    monday: Type.Optional(DayPeriods),
    tuesday: Type.Optional(DayPeriods),
    wednesday: Type.Optional(DayPeriods),
    thursday: Type.Optional(DayPeriods),
    friday: Type.Optional(DayPeriods),
    saturday: Type.Optional(DayPeriods),
    sunday: Type.Optional(DayPeriods),
    holidays: Type.Optional(Type.Array(Holiday, { maxItems: holidaysMax })),
  },
  { ...closed, description: "In the site's time zone. A day that is not listed is closed." },
);
export type OpeningHours = Static<typeof OpeningHours>;

export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'IANA name, e.g. America/Halifax.',
});

/** `version` goes back as If-Match: a write that began from an older one is refused. */
const stamps = { version: Type.Integer(), created_at: Timestamp, updated_at: Timestamp };

const siteFields = {
  name: Name,
  timezone: TimeZone,
  opening_hours: Type.Optional(Nullable(OpeningHours)),
};
export const SiteInput = Type.Object({ slug: SiteSlug, ...siteFields }, closed);
export type SiteInput = Static<typeof SiteInput>;
export const SiteUpdate = Type.Object({ slug: Type.Optional(SiteSlug), ...siteFields }, closed);
export type SiteUpdate = Static<typeof SiteUpdate>;
export const Site = Type.Object({
  id: Id,
  slug: SiteSlug,
  name: Type.String(),
  timezone: TimeZone,
  opening_hours: Nullable(OpeningHours),
  open_now: Type.Boolean({ description: 'Also true when no opening hours are set.' }),
  opens_at: Nullable(Timestamp),
  closes_at: Nullable(Timestamp),
  area_count: Type.Integer(),
  device_count: Type.Integer(),
  ...stamps,
});
export type Site = Static<typeof Site>;
export const SitePage = Page(Site);

const areaFields = {
  name: Name,
  kind: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 50 }))),
};
export const AreaInput = Type.Object({ slug: AreaSlug, ...areaFields }, closed);
export type AreaInput = Static<typeof AreaInput>;
export const AreaUpdate = Type.Object({ slug: Type.Optional(AreaSlug), ...areaFields }, closed);
export type AreaUpdate = Static<typeof AreaUpdate>;
export const Area = Type.Object({
  id: Id,
  slug: AreaSlug,
  site: SiteSlug,
  site_id: Id,
  name: Type.String(),
  kind: Nullable(Type.String({ description: 'bay, gate, room, route, ...' })),
  position: Nullable(
    Type.Integer({ description: 'Its place at the site; null: after the others, sorted by slug.' }),
  ),
  device_count: Type.Integer(),
  ...stamps,
});
export type Area = Static<typeof Area>;
export const AreaPage = Page(Area);
/** More areas than any site has. */
export const areaOrderMax = 1_000;
export const AreaOrder = Type.Object(
  { areas: Type.Array(Reference, { maxItems: areaOrderMax, description: 'First to last.' }) },
  closed,
);
export type AreaOrder = Static<typeof AreaOrder>;

const deviceTypeFields = {
  name: Name,
  check_interval: Duration,
  timeout: Duration,
  retries: Type.Integer({ minimum: 0, maximum: 20 }),
  alert_after_failures: Type.Integer({ minimum: 1, maximum: 1000 }),
  recover_after_successes: Type.Integer({ minimum: 1, maximum: 1000 }),
  check_method: Type.String({
    pattern: '^[a-z][a-z0-9_]{0,31}$',
    description: 'A check kind, e.g. icmp, ninjaone, unifi_access, http.',
  }),
};
export const DeviceTypeInput = Type.Object({ slug: DeviceTypeSlug, ...deviceTypeFields }, closed);
export type DeviceTypeInput = Static<typeof DeviceTypeInput>;
export const DeviceTypeUpdate = Type.Object(
  {
    slug: Type.Optional(DeviceTypeSlug),
    ...deviceTypeFields,
    name: Type.Optional(deviceTypeFields.name),
    recover_after_successes: Type.Optional(deviceTypeFields.recover_after_successes),
  },
  {
    ...closed,
    description: 'Slug, name and `recover_after_successes` stay as they are when they are not sent.',
  },
);
export type DeviceTypeUpdate = Static<typeof DeviceTypeUpdate>;
export const DeviceType = Type.Object({
  id: Id,
  slug: DeviceTypeSlug,
  ...deviceTypeFields,
  check_interval: Type.Number({ description: 'Seconds.' }),
  timeout: Type.Number({ description: 'Seconds.' }),
  device_count: Type.Integer(),
  ...stamps,
});
export type DeviceType = Static<typeof DeviceType>;
export const DeviceTypePage = Page(DeviceType);

const deviceFields = {
  site: Reference,
  area: Type.Optional(Nullable(Reference)),
  type: Type.Optional(Nullable(Reference)),
  depends_on: Type.Optional(
    Type.Array(Reference, {
      maxItems: dependenciesMax,
      uniqueItems: true,
      description: 'Devices that this one needs to work, for example its router. Circles are refused.',
    }),
  ),
};
export const DeviceInput = Type.Object(
  { slug: DeviceSlug, name: Type.Optional(Name), ...deviceFields },
  closed,
);
export type DeviceInput = Static<typeof DeviceInput>;
export const DeviceUpdate = Type.Object(
  { slug: Type.Optional(DeviceSlug), name: Name, ...deviceFields },
  closed,
);
export type DeviceUpdate = Static<typeof DeviceUpdate>;
export const Device = Type.Object({
  id: Id,
  slug: DeviceSlug,
  name: Type.String(),
  site: SiteSlug,
  site_id: Id,
  area: Nullable(AreaSlug),
  area_id: Nullable(Id),
  type: Nullable(DeviceTypeSlug),
  type_id: Nullable(Id),
  depends_on: Type.Array(DeviceSlug),
  provisioned: Type.Boolean({ description: 'Created by its first heartbeat, not by an operator.' }),
  retired_at: Nullable(Timestamp),
  ...stamps,
});
export type Device = Static<typeof Device>;
export const DevicePage = Page(Device);

export const DeviceCredential = Type.Object({
  token: Type.String({ description: 'The device token. Shown once; only its hash is kept.' }),
  heartbeat: Type.Object({ url: Type.String({ description: 'Where this device sends its heartbeats.' }) }),
});
export const DeviceCreated = Type.Object({ ...Device.properties, ...DeviceCredential.properties });

export const SiteListQuery = Type.Object(
  { ...ListQuery.properties, q: Type.Optional(Type.String({ maxLength: 200 })) },
  closed,
);
/** Retired devices are out of the way unless one asks for them. */
export const retiredFilters = ['no', 'only', 'all'] as const;
export type RetiredFilter = (typeof retiredFilters)[number];
export const Retired = Type.Enum([...retiredFilters], {
  description: 'Retired devices: `no` (default) hides them, `only`, `all`.',
});

export const DeviceListQuery = Type.Object(
  {
    ...ListQuery.properties,
    site: Type.Optional(Reference),
    area: Type.Optional(Reference),
    type: Type.Optional(Reference),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the slug or name.' })),
    retired: Type.Optional(Retired),
  },
  closed,
);
