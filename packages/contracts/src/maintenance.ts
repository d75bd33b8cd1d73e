import Type, { type Static } from 'typebox';
import { Duration, Id, ListQuery, Nullable, Page, Slug, Timestamp } from './common.ts';
import { TimeZone } from './inventory.ts';
import { namePattern } from './text.ts';

/** How many areas, devices and device types one window names. */
export const maintenanceSystemsMax = 200;
/** Windows of one organization. */
export const maintenanceWindowsMax = 500;
/** Alerts that one exit report names; the totals count all. */
export const maintenanceReportItemsMax = 500;
/** Occurrences that one look at the calendar answers with, and how long a stretch it covers. */
export const maintenanceOccurrencesMax = 1_000;
export const maintenanceCalendarDaysMax = 400;

const closed = { additionalProperties: false } as const;

/** The word for "everywhere" in `location` and for "everything there" in `systems`. */
export const everything = 'all';

const WindowTime = Type.String({
  minLength: 10,
  maxLength: 40,
  description: 'RFC 3339, or a local time such as 2026-03-29T01:00 in `timezone`.',
});

export const maintenanceStatuses = ['scheduled', 'running', 'over'] as const;

const fields = {
  location: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Slug, id or name of a site, in any case, or "all": every site of the organization.',
  }),
  systems: Type.Array(Type.String({ minLength: 1, maxLength: 140 }), {
    minItems: 1,
    maxItems: maintenanceSystemsMax,
    uniqueItems: true,
    description:
      '["all"], or areas and devices of the location by slug or id (bay_1 finds bay-1, in any case); "area:", "device:", "type:" or "check:" before a slug says which it is.',
  }),
  start_time: WindowTime,
  end_time: WindowTime,
  timezone: Type.Optional(
    Type.Unsafe<string>({ ...TimeZone, description: "IANA name; default: the site's, UTC for all sites." }),
  ),
  recurrence: Type.Optional(
    Nullable(
      Type.String({
        minLength: 1,
        maxLength: 512,
        description:
          'RFC 5545 RRULE, e.g. FREQ=WEEKLY;BYDAY=TU. FREQ DAILY to YEARLY, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, WKST. Start and end keep their local time.',
      }),
    ),
  ),
  reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
  suppress_alerts: Type.Optional(
    Type.Boolean({ default: true, description: 'false: shown as maintenance, but people are told.' }),
  ),
  auto_reply: Type.Optional(
    Nullable(Type.String({ minLength: 1, maxLength: 2_000, description: 'The answer for customers.' })),
  ),
  reference: Type.Optional(
    Nullable(
      Type.String({
        minLength: 1,
        maxLength: 128,
        pattern: namePattern,
        description:
          'The name of the window in your own system, unique in the organization; the window can be found by it. `maintenance_id` is accepted too. It stays when a change does not send it.',
      }),
    ),
  ),
  requested_by: Type.Optional(
    Nullable(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: namePattern,
        description:
          'The person that the sender names; `created_by` is accepted too. The actor is always the owner of the credential. It stays when a change does not send it.',
      }),
    ),
  ),
};

export const MaintenanceInput = Type.Object(
  {
    slug: Type.Optional(
      Type.Unsafe<string>({ ...Slug, description: 'A stable name; created when not sent.' }),
    ),
    ...fields,
  },
  closed,
);
export type MaintenanceInput = Static<typeof MaintenanceInput>;

export const ManifestMaintenance = Type.Array(Type.Object({ slug: Slug, ...fields }, closed), {
  maxItems: maintenanceWindowsMax,
});
export type ManifestMaintenanceEntry = Static<typeof ManifestMaintenance>[number];

export const MaintenanceOccurrence = Type.Object({ start_time: Timestamp, end_time: Timestamp });

export const MaintenanceWindow = Type.Object({
  id: Id,
  slug: Type.String(),
  location: Type.String({ description: 'Slug of the site, or "all".' }),
  systems: Type.Array(Type.String()),
  start_time: Timestamp,
  end_time: Timestamp,
  timezone: Type.String(),
  recurrence: Nullable(Type.String()),
  reason: Type.String(),
  suppress_alerts: Type.Boolean(),
  auto_reply: Nullable(Type.String()),
  reference: Nullable(Type.String({ description: 'Its name in another system: `maintenance_id` as sent.' })),
  requested_by: Nullable(Type.String({ description: 'The person that the sender named.' })),
  status: Type.Enum([...maintenanceStatuses]),
  current: Type.Union([MaintenanceOccurrence, Type.Null()], {
    description: 'The running occurrence, or else the next one.',
  }),
  calendar_fault: Nullable(
    Type.String({
      description: 'Why its calendar cannot be read. Such a window mutes nothing until it is saved again.',
    }),
  ),
  created_by: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type MaintenanceWindow = Static<typeof MaintenanceWindow>;
export const MaintenancePage = Page(MaintenanceWindow);

export const MaintenanceListQuery = Type.Object(
  {
    ...ListQuery.properties,
    status: Type.Optional(Type.Enum([...maintenanceStatuses])),
    location: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id of a site.' }),
    ),
  },
  closed,
);

export const MaintenanceExtension = Type.Object(
  {
    end_time: Type.Optional(WindowTime),
    by: Type.Optional(Duration),
  },
  { ...closed, description: 'Either the new end, or how far it moves.' },
);
export type MaintenanceExtension = Static<typeof MaintenanceExtension>;

export const MaintenanceCalendarQuery = Type.Object(
  { from: Timestamp, to: Timestamp },
  { ...closed, description: `At most ${maintenanceCalendarDaysMax} days.` },
);
export const MaintenanceCalendar = Type.Object({
  data: Type.Array(
    Type.Object({
      window_id: Id,
      slug: Type.String(),
      location: Type.String(),
      reason: Type.String(),
      ...MaintenanceOccurrence.properties,
    }),
  ),
  truncated: Type.Boolean({ description: 'There are more: ask for fewer days.' }),
});

/** Occurrences that a preview of a window names. */
export const maintenancePreviewMax = 12;

const { location, start_time, end_time, timezone, recurrence } = fields;
export const MaintenancePreviewInput = Type.Object(
  { location, start_time, end_time, timezone, recurrence },
  { ...closed, description: 'When a window that is not planned yet would take place.' },
);
export type MaintenancePreviewInput = Static<typeof MaintenancePreviewInput>;

export const MaintenancePreview = Type.Object({
  timezone: Type.String(),
  data: Type.Array(MaintenanceOccurrence, { description: `At most the next ${maintenancePreviewMax}.` }),
});
export type MaintenancePreview = Static<typeof MaintenancePreview>;

const MaintenanceAlert = Type.Object({
  alert_id: Id,
  title: Type.String(),
  severity: Type.String(),
  device: Nullable(Type.String({ description: 'Slug.' })),
  site: Nullable(Type.String({ description: 'Slug.' })),
  since: Timestamp,
  broken_before: Type.Boolean({ description: 'It was the same before the window began.' }),
  recovered_at: Nullable(Timestamp),
});

/** What the engine found at the end of a run. */
export const MaintenanceFindings = Type.Object({
  not_back: Type.Array(MaintenanceAlert, { maxItems: maintenanceReportItemsMax }),
  recovered: Type.Array(MaintenanceAlert, { maxItems: maintenanceReportItemsMax }),
  not_back_total: Type.Integer(),
  recovered_total: Type.Integer(),
});
export type MaintenanceFindings = Static<typeof MaintenanceFindings>;

export const MaintenanceReport = Type.Object({
  id: Id,
  started_at: Timestamp,
  planned_end_at: Timestamp,
  ended_at: Nullable(Timestamp),
  end_cause: Nullable(Type.String({ description: 'schedule, ended_early, changed or deleted.' })),
  ended_by: Nullable(Type.String()),
  reported_at: Nullable(Timestamp),
  findings: Nullable(MaintenanceFindings),
});
export const MaintenanceReportPage = Page(MaintenanceReport);

export const MaintenanceFeed = Type.Object({
  url: Type.String({ description: 'Subscribe a calendar to it. Shown once; asking again replaces it.' }),
  token: Type.String(),
});
