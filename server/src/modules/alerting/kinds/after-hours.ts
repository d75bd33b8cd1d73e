import { durationWords } from '@watchkeeper/contracts/figures';
import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { everyDay, openIntervals, siteRows } from '#modules/inventory';
import { eventCountRows, eventRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import type { Judgement } from '../judgement.ts';
import { defineRuleKind } from '../kind.ts';
import { minuteMs, replayEvents } from '../observing/event-store.ts';
import {
  inFirstMinute,
  joinOpenAlert,
  lastResolvedAt,
  type ObservedRow,
  onlyRules,
  ruleColumns,
  toObservation,
} from '../observing/observation-store.ts';
import { watchesEvents, watchesSite } from '../observing/watching.ts';
import { capitalized, wordsOfEvent } from '../words.ts';

const localTime = {
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$',
  patternHelp: 'Write a time of day such as 09:00.',
  maxLength: 5,
};

const schema = Type.Object(
  {
    event_type: Type.String({
      minLength: 1,
      maxLength: 64,
      default: 'sale',
      title: 'Event',
      description: 'The type of event that should not happen while a site is closed.',
      examples: ['sale', 'refund', 'login', 'gate.redemption'],
    }),
    open: Type.String({
      ...localTime,
      default: '09:00',
      title: 'Open from',
      description: 'Site time; for sites that set no opening hours.',
    }),
    close: Type.String({
      ...localTime,
      default: '22:00',
      title: 'Open until',
      description: 'Site time; at or before "open from" means the next day.',
    }),
    use_site_hours: Type.Boolean({ default: true, title: "Use the site's own opening hours where set" }),
    lookback_minutes: Type.Integer({
      minimum: 1,
      maximum: 1440,
      default: 60,
      title: 'Look back',
      unit: 'min',
      description:
        'An event that arrives later than this is judged for the time when it happened, up to 24 hours back.',
    }),
    minimum_samples: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 1,
      title: 'Minimum samples',
      unit: 'events',
      description: 'With fewer events while closed, the rule does not fire.',
    }),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

export interface SiteSales {
  readonly timezone: string;
  readonly openingHours: OpeningHours | null;
  /** Minutes with such events, oldest first. */
  readonly minutes: readonly { readonly at: number; readonly count: number }[];
}

function hoursOf(config: Config, data: Pick<SiteSales, 'openingHours'>): OpeningHours {
  const own = config.use_site_hours ? data.openingHours : null;
  return own ?? everyDay(config.open, config.close);
}

/** Site time as people on site read it: "23:14 on Sat 24 Oct". */
function siteTime(at: number, timezone: string): string {
  const format = { timeZone: timezone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const;
  const time = new Intl.DateTimeFormat('en-GB', format).format(at);
  const day = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  }).format(at);
  return `${time} on ${day.replace(',', '')}`;
}

export function evaluateAfterHours(config: Config, data: SiteSales): Judgement {
  const [one, many] = wordsOfEvent(config.event_type);
  const first = data.minutes[0];
  const last = data.minutes.at(-1);
  if (first === undefined || last === undefined) {
    return {
      verdict: 'unknown',
      value: null,
      why: `No ${many} in the last ${durationWords(config.lookback_minutes * 60)}.`,
      details: {},
    };
  }
  const open = openIntervals(
    hoursOf(config, data),
    data.timezone,
    new Date(first.at),
    new Date(last.at + minuteMs),
  );
  const closed = data.minutes.filter(
    ({ at }) => !open.some((span) => span.from.getTime() <= at && at < span.to.getTime()),
  );
  const count = closed.reduce((sum, minute) => sum + minute.count, 0);
  const ownHours = config.use_site_hours && data.openingHours !== null;
  const hours = ownHours ? 'the opening hours of the site' : `${config.open}-${config.close} site time`;
  const latest = closed.at(-1);
  const details = {
    event_type: config.event_type,
    count,
    timezone: data.timezone,
    hours: ownHours ? 'site' : `${config.open}-${config.close}`,
    last_at: latest === undefined ? null : new Date(latest.at).toISOString(),
    lookback_minutes: config.lookback_minutes,
  };
  if (latest === undefined || count < config.minimum_samples) {
    return { verdict: 'ok', value: count, why: `The last ${one} came within ${hours}.`, details };
  }
  const when = `${count === 1 ? 'at' : 'the last at'} ${siteTime(latest.at, data.timezone)} (${data.timezone})`;
  return {
    verdict: 'firing',
    value: count,
    why: `${count} ${count === 1 ? one : many} outside ${hours}, ${when}.`,
    details,
  };
}

interface SalesRow extends ObservedRow {
  timezone: string;
  opening_hours: OpeningHours | null;
  minutes: { at: string; count: number }[];
}

export const afterHours = defineRuleKind({
  kind: 'after_hours',
  label: 'After hours',
  help: 'Fires when something happens at a site while it is closed: outside its opening hours and holidays, or a daily window in site time. Correct across clock changes.',
  schema,
  fixture: {
    event_type: 'sale',
    open: '09:00',
    close: '22:00',
    use_site_hours: true,
    lookback_minutes: 60,
    minimum_samples: 1,
  },
  subjects: ['site'],
  wakesOn: 'events',
  restsOnSilence: false,
  deviceStatus: null,
  watches: sql`${watchesEvents} and ${watchesSite}`,
  windowMinutes: (config) => config.lookback_minutes,
  signal: (config) => ({
    label: `${capitalized(wordsOfEvent(config.event_type)[1])} while closed, in ${durationWords(config.lookback_minutes * 60)}`,
    unit: '',
    limit: config.minimum_samples,
    side: 'above',
    beside: `All ${wordsOfEvent(config.event_type)[1]}`,
    // Shows a closed night and a part of the open day before it.
    contextMinutes: 16 * 60,
  }),
  resolve: (config) => config,
  describe: (config) =>
    `${wordsOfEvent(config.event_type)[0]} outside ${config.open}-${config.close} site time${config.use_site_hours ? " (the site's opening hours where set)" : ''}`,
  title: (config, subject) =>
    `${capitalized(wordsOfEvent(config.event_type)[0])} after hours at ${subject.name}`,
  async observe(tx, moment, focus) {
    const { events } = focus;
    const subject = sql`'site:' || c.site_id`;
    const onlySites = events === undefined ? sql`` : sql`and c.site_id = any(${events.siteIds}::uuid[])`;
    const counted = sql`(r.site_id is null or c.site_id = r.site_id) ${onlySites}`;
    // Reading minutes is cheap: per site there are at most those of one look-back. The code then compares them with the
    // calendar.
    const { rows } = await sql<SalesRow>`
      with r as materialized (
        select *, config->>'event_type' as event_type, (config->>'lookback_minutes')::float8 * 60 as window_s
        from rules where kind = 'after_hours' and enabled ${onlyRules(focus)}
      ), parts as (
        select r.id as rule_id, c.site_id, c.bucket, c.successes + c.failures as count
        from r join ${eventCountRows} c on c.organization_id = r.organization_id and c.type = r.event_type
          and c.bucket > ${moment.now}::timestamptz - make_interval(secs => r.window_s) and c.bucket <= ${moment.now}
          and ${counted}
        union all
        select r.id, c.site_id, date_trunc('minute', c.occurred_at, 'UTC'), 1
        from r join ${eventRows} c on ${inFirstMinute(moment.now)} and ${counted}
      ), m as (
        select rule_id, site_id, bucket, sum(count)::int as count from parts group by 1, 2, 3
      ), c as materialized (
        select rule_id, site_id, jsonb_agg(jsonb_build_object('at', bucket, 'count', count) order by bucket) as minutes
        from m group by 1, 2
      )
      select ${ruleColumns}, 'site' as subject_kind, s.id as subject_id, s.name as subject_name, s.id as site_id,
        null::uuid as device_id, null::text as device_status, null::timestamptz as pending_since, a.id as alert_id,
        ${lastResolvedAt(subject)} as last_resolved_at, s.timezone, s.opening_hours, c.minutes
      from c join r on r.id = c.rule_id join ${siteRows} s on s.id = c.site_id ${joinOpenAlert(subject)}`.execute(
      tx,
    );
    return rows.map((row) =>
      toObservation<SiteSales>(row, {
        timezone: row.timezone,
        openingHours: row.opening_hours,
        minutes: row.minutes.map((minute) => ({ at: Date.parse(minute.at), count: minute.count })),
      }),
    );
  },
  evaluate: (config, data) => evaluateAfterHours(config, data),
  reading: (_config, { minutes }, { value }) => ({
    value: value ?? 0,
    beside: minutes.reduce((sum, minute) => sum + minute.count, 0),
  }),
  async replay(tx, rule, span) {
    const calendars = await readCalendars(tx, rule.organizationId);
    const windowMs = rule.config.lookback_minutes * minuteMs;
    const calendarOf = (siteId: string | null) => calendars.get(siteId ?? '') ?? everywhere;
    const past = await replayEvents<SiteSales>(
      tx,
      rule,
      span,
      { eventType: rule.config.event_type, per: 'site', windowMs, lookBackMs: 0 },
      ({ siteId }) =>
        (at, sliding) => ({
          ...calendarOf(siteId),
          minutes: sliding
            .moveTo(at, windowMs)
            .map((minute) => ({ at: minute.at, count: minute.successes + minute.failures })),
        }),
    );
    const openAt = (calendar: Calendar) =>
      openIntervals(hoursOf(rule.config, calendar), calendar.timezone, span.from, span.to);
    return {
      ...past,
      tracks: past.tracks.map((track) => ({ ...track, open: openAt(calendarOf(track.subject.id)) })),
    };
  },
});

type Calendar = Pick<SiteSales, 'timezone' | 'openingHours'>;

const everywhere: Calendar = { timezone: 'UTC', openingHours: null };

async function readCalendars(tx: Tx, organizationId: string): Promise<Map<string, Calendar>> {
  const { rows } = await sql<{ id: string; timezone: string; opening_hours: OpeningHours | null }>`
    select id, timezone, opening_hours from ${siteRows} s where organization_id = ${organizationId}`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, { timezone: row.timezone, openingHours: row.opening_hours }]));
}
