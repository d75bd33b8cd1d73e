import { toInstant } from '@watchkeeper/contracts/instant';
import {
  everything,
  type MaintenanceInput,
  type MaintenancePreviewInput,
} from '@watchkeeper/contracts/maintenance';
import { normalizeTimeZone } from '#modules/inventory';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, type FieldError } from '#platform/errors';
import { Temporal } from '#platform/temporal';
import {
  instantOf,
  nextOccurrence,
  occurrenceDaysMax,
  overlapsItself,
  type Schedule,
} from '../calendar/occurrences.ts';
import { parseRule, RuleError } from '../calendar/rule.ts';
import { coverableChecks } from './coverable-checks.ts';
import { findSitePlaces, type SitePlace } from './places-store.ts';
import { resolveSystems } from './resolve-systems.ts';
import { isSameSchedule, type WindowValues } from './window.ts';

const dayMs = 86_400_000;
/** Limit for a window without recurrence. A renovation may take that long. */
export const onceDaysMax = 366;
interface Placed {
  readonly at: Date;
  /** The local time, if the input had no offset. */
  readonly wall: Temporal.PlainDateTime | null;
}

/**
 * A local time that the clocks skip has no instant. So a recurring window also stores its local times, for the days on
 * which they exist. If the whole window lies in the skipped time, its length is that of its local times.
 */
function placeSchedule(
  start: Placed,
  end: Placed,
  {
    timezone,
    recurrence,
    before,
  }: Pick<Schedule, 'timezone' | 'recurrence'> & { before: WindowValues | undefined },
): Schedule {
  const [startWall, endWall] = [wallOf(start, timezone), wallOf(end, timezone)];
  const lengthMs = startWall.until(endWall).total({ unit: 'milliseconds' });
  const isSwallowed = end.at <= start.at && lengthMs > 0;
  const endAt = isSwallowed ? new Date(start.at.getTime() + lengthMs) : end.at;
  const schedule = { startAt: start.at, endAt, timezone, recurrence, wall: null };
  if (recurrence === null) return schedule;
  const isSkipped = [start, end].some((time) => !local(time, timezone).equals(wallOf(time, timezone)));
  if (isSkipped) return { ...schedule, wall: { start: startWall.toString(), end: endWall.toString() } };
  // An answer that is sent back holds only instants, not the local times, so the stored local times are kept.
  const same = { ...schedule, wall: before?.wall ?? null };
  return before !== undefined && isSameSchedule(before, same) ? same : schedule;
}

function local({ at }: Placed, timezone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone).toPlainDateTime();
}

function wallOf(time: Placed, timezone: string): Temporal.PlainDateTime {
  return time.wall ?? local(time, timezone);
}

const firstYear = 2000;
const lastYear = 2100;
/** Path segments below /maintenance/ that have a meaning of their own. */
const reservedSlugs = ['calendar', 'feed', 'preview', 'new'];

export interface ParseInput {
  readonly input: MaintenanceInput;
  /** The slug to use when the input has none. */
  readonly slug: string;
  readonly before: WindowValues | undefined;
  readonly now: Date;
}

/** The input, validated and resolved. The error lists all mistakes. @throws validation_failed */
export async function parseWindow(
  { ctx, tx }: { readonly ctx: Pick<Ctx, 'parts'>; readonly tx: Tx },
  organizationId: string,
  parse: ParseInput,
): Promise<WindowValues> {
  const { input } = parse;
  const errors: FieldError[] = [];
  const slug = input.slug ?? parse.slug;
  if (reservedSlugs.includes(slug)) errors.push({ field: 'slug', message: `"${slug}" is a word of the API` });
  const site = await findLocation(tx, organizationId, input.location, errors);
  const schedule = parseSchedule(parse, site ?? null, errors);
  const scopes =
    site === undefined
      ? []
      : await resolveSystems(
          tx,
          coverableChecks(ctx),
          organizationId,
          site?.id ?? null,
          input.systems,
          errors,
        );
  return {
    ...accepted(schedule, errors),
    slug,
    siteId: site?.id ?? null,
    siteSlug: site?.slug ?? null,
    scopes,
    reason: input.reason.trim(),
    suppressAlerts: input.suppress_alerts ?? true,
    autoReply: input.auto_reply ?? null,
    reference: input.reference === undefined ? (parse.before?.reference ?? null) : input.reference,
    requestedBy: input.requested_by === undefined ? (parse.before?.requestedBy ?? null) : input.requested_by,
  };
}

interface ParseSchedule extends Pick<ParseInput, 'before' | 'now'> {
  readonly input: MaintenancePreviewInput;
}

/** Only when a window would take place. The error lists all mistakes. @throws validation_failed */
export async function parsePlan(
  tx: Tx,
  organizationId: string,
  input: MaintenancePreviewInput,
  now: Date,
): Promise<Schedule> {
  const errors: FieldError[] = [];
  const site = await findLocation(tx, organizationId, input.location, errors);
  const schedule = parseSchedule({ input, before: undefined, now }, site ?? null, errors);
  return accepted(schedule, errors);
}

/** undefined: no such site, and a mistake was added; null: all sites. */
async function findLocation(
  tx: Tx,
  organizationId: string,
  location: string,
  errors: FieldError[],
): Promise<SitePlace | null | undefined> {
  if (location === everything) return null;
  const sites = await findSitePlaces(tx, organizationId, location);
  const [site] = sites;
  if (site === undefined)
    errors.push({ field: 'location', message: `there is no site "${location}"; "all" means every one` });
  if (sites.length <= 1) return site;
  const slugs = sites.map(({ slug }) => slug).join(', ');
  errors.push({ field: 'location', message: `"${location}" can mean ${slugs}; write the slug of one` });
  return undefined;
}

function accepted(schedule: Schedule | undefined, errors: readonly FieldError[]): Schedule {
  const first = errors[0];
  if (first === undefined && schedule !== undefined) return schedule;
  throw new AppError(
    'validation_failed',
    `${first?.field ?? 'start_time'}: ${first?.message ?? 'cannot be read'}.`,
    { errors: [...errors] },
  );
}

function parseSchedule(
  { input, before, now }: ParseSchedule,
  site: SitePlace | null,
  errors: FieldError[],
): Schedule | undefined {
  const wanted = input.timezone ?? site?.timezone ?? 'UTC';
  const timezone = normalizeTimeZone(wanted);
  if (timezone === undefined) {
    errors.push({
      field: 'timezone',
      message: `"${wanted}" is not an IANA time zone; use a name such as Europe/Berlin`,
    });
    return undefined;
  }
  const start = parseTime('start_time', input.start_time, timezone, errors);
  const end = parseTime('end_time', input.end_time, timezone, errors);
  if (start === undefined || end === undefined) return undefined;
  const recurrence = input.recurrence ?? null;
  const schedule = placeSchedule(start, end, { timezone, recurrence, before });
  const mistake = mistakeOf(schedule) ?? mistakeOfRule(schedule);
  if (mistake !== undefined) errors.push(mistake);
  else if (before === undefined || !isSameSchedule(before, schedule)) {
    const past = mistakeOfPast(schedule, now);
    if (past !== undefined) errors.push(past);
  }
  return schedule;
}

/** A local time with or without seconds, followed by `Z`, an offset, or nothing. */
const timePattern = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?$/;

/** With an offset it is an instant; without, a local time in `timezone`. */
export function parseTime(
  field: string,
  text: string,
  timezone: string,
  errors: FieldError[],
): Placed | undefined {
  try {
    const match = timePattern.exec(text);
    const [wall, seconds = ':00', zone] = match?.slice(1) ?? [];
    if (wall === undefined) throw new RangeError('not a time');
    // Local times allow the same dates and hours as UTC. A leap second is not allowed.
    const asUtc = toInstant(`${wall}${seconds}${zone ?? 'Z'}`);
    const onWall = zone === undefined ? Temporal.PlainDateTime.from(`${wall}${seconds}`) : null;
    const at = onWall === null ? asUtc : new Date(instantOf(timezone, onWall));
    const year = at.getUTCFullYear();
    if (year >= firstYear && year < lastYear) return { at, wall: onWall };
    errors.push({ field, message: `must lie between the years ${firstYear} and ${lastYear}` });
  } catch {
    errors.push({
      field,
      message: `"${text}" is not a time; write 2026-12-01T22:00:00Z, or 2026-12-01T22:00 for local time`,
    });
  }
  return undefined;
}

function mistakeOf({ startAt, endAt, recurrence }: Schedule): FieldError | undefined {
  const length = endAt.getTime() - startAt.getTime();
  if (length === 0)
    return { field: 'end_time', message: 'equals start_time: the window would have no length' };
  if (length < 0) return { field: 'end_time', message: 'is before start_time' };
  const daysMax = recurrence === null ? onceDaysMax : occurrenceDaysMax;
  if (length > daysMax * dayMs)
    return { field: 'end_time', message: `is more than ${daysMax} days after start_time` };
  return undefined;
}

function mistakeOfRule(schedule: Schedule): FieldError | undefined {
  if (schedule.recurrence === null) return undefined;
  try {
    parseRule(schedule.recurrence);
  } catch (error) {
    if (error instanceof RuleError) return { field: 'recurrence', message: error.message };
    throw error;
  }
  if (overlapsItself(schedule))
    return {
      field: 'end_time',
      message: 'lies after the start of the next occurrence: an occurrence is longer than its period',
    };
  return undefined;
}

function mistakeOfPast(schedule: Schedule, now: Date): FieldError | undefined {
  if (nextOccurrence(schedule, now) !== undefined) return undefined;
  return schedule.recurrence === null
    ? { field: 'end_time', message: 'is in the past' }
    : { field: 'recurrence', message: 'has no future occurrence' };
}
