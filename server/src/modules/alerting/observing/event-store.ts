import { sql } from 'kysely';
import { organizationRows } from '#modules/identity';
import { deviceRows, siteRows } from '#modules/inventory';
import { eventCountRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import type { Subject } from '../judgement.ts';
import type { Replay, ReplayedRule, ReplaySpan, Track } from '../replay.ts';
import { noDevice } from './observation-store.ts';

/** One minute of one subject's events. */
export interface EventMinute {
  /** Milliseconds since the epoch, at the minute's start. */
  readonly at: number;
  readonly successes: number;
  readonly failures: number;
}

export type Per = 'site' | 'device' | 'organization';

export interface SubjectMinutes {
  readonly subject: Subject;
  readonly siteId: string | null;
  readonly minutes: readonly EventMinute[];
}

/** A backtest reads at most this many minutes of events. Subjects beyond that are left out and counted. */
const minutesMax = 400_000;

interface MinuteRow {
  subject_id: string;
  subject_name: string;
  site_id: string | null;
  bucket: Date;
  successes: number;
  failures: number;
}

/** Event minutes per subject, oldest first, for replaying the past. */
export async function readEventMinutes(
  tx: Tx,
  wanted: { rule: ReplayedRule; eventType: string; per: Per; from: Date; to: Date },
): Promise<{ subjects: SubjectMinutes[]; truncated: boolean }> {
  const { rule, per } = wanted;
  const key = { site: sql`e.site_id`, device: sql`e.device_id`, organization: sql`e.organization_id` }[per];
  const name = { site: sql`s.name`, device: sql`d.name`, organization: sql`o.name` }[per];
  const { rows } = await sql<MinuteRow>`
    select ${key} as subject_id, ${name} as subject_name,
      ${per === 'organization' ? sql`null::uuid` : sql`e.site_id`} as site_id, e.bucket,
      sum(e.successes)::float8 as successes, sum(e.failures)::float8 as failures
    from ${eventCountRows} e
    join ${organizationRows} o on o.id = e.organization_id
    ${per === 'organization' ? sql`` : sql`join ${siteRows} s on s.id = e.site_id`}
    ${per === 'device' ? sql`join ${deviceRows} d on d.id = e.device_id` : sql``}
    where e.organization_id = ${rule.organizationId} and e.type = ${wanted.eventType}
      and e.bucket >= ${wanted.from} and e.bucket <= ${wanted.to}
      and (${rule.siteId}::uuid is null or e.site_id = ${rule.siteId})
      ${per === 'device' ? sql`and e.device_id <> ${noDevice}` : sql``}
      ${rule.subject === undefined ? sql`` : sql`and ${key} = ${rule.subject.id}`}
    group by 1, 2, 3, 4 order by 1, 4 limit ${minutesMax}`.execute(tx);
  return { subjects: groupBySubject(rows, per), truncated: rows.length === minutesMax };
}

function groupBySubject(rows: readonly MinuteRow[], per: Per): SubjectMinutes[] {
  const subjects = new Map<string, { subject: Subject; siteId: string | null; minutes: EventMinute[] }>();
  for (const row of rows) {
    const known = subjects.get(row.subject_id) ?? {
      subject: { kind: per, id: row.subject_id, name: row.subject_name },
      siteId: row.site_id,
      minutes: [],
    };
    known.minutes.push({ at: row.bucket.getTime(), successes: row.successes, failures: row.failures });
    subjects.set(row.subject_id, known);
  }
  return [...subjects.values()];
}

export const minuteMs = 60_000;

/**
 * The instants at which a sliding window over these minutes changes: the end of each minute with events, and the moment
 * each leaves the window. Between them the judgement stays the same.
 */
export function windowInstants(
  minutes: readonly EventMinute[],
  windowMs: number,
  from: Date,
  to: Date,
): number[] {
  const instants = new Set<number>();
  for (const minute of minutes) {
    for (const at of [minute.at + minuteMs - 1, minute.at + windowMs]) {
      if (at >= from.getTime() && at <= to.getTime()) instants.add(at);
    }
  }
  return [...instants].sort(inOrder);
}

function inOrder(one: number, other: number): number {
  return one - other;
}

/** The minutes whose start is in (at - windowMs, at], found with two indices that only move forward. */
export class SlidingMinutes {
  readonly #minutes: readonly EventMinute[];
  #first = 0;
  #end = 0;
  successes = 0;
  failures = 0;

  constructor(minutes: readonly EventMinute[]) {
    this.#minutes = minutes;
  }

  moveTo(at: number, windowMs: number): readonly EventMinute[] {
    for (
      let next = this.#minutes[this.#end];
      next !== undefined && next.at <= at;
      next = this.#minutes[this.#end]
    ) {
      this.successes += next.successes;
      this.failures += next.failures;
      this.#end += 1;
    }
    for (
      let old = this.#minutes[this.#first];
      old !== undefined && this.#first < this.#end && old.at <= at - windowMs;
      old = this.#minutes[this.#first]
    ) {
      this.successes -= old.successes;
      this.failures -= old.failures;
      this.#first += 1;
    }
    return this.#minutes.slice(this.#first, this.#end);
  }
}

/** Replays an event kind: `dataAt` returns what the kind would have observed at an instant. */
export async function replayEvents<Data>(
  tx: Tx,
  rule: ReplayedRule,
  span: ReplaySpan,
  wanted: { eventType: string; per: Per; windowMs: number; lookBackMs: number },
  dataFor: (subject: SubjectMinutes) => (at: number, sliding: SlidingMinutes) => Data,
): Promise<Replay<Data>> {
  const from = new Date(span.from.getTime() - wanted.windowMs - wanted.lookBackMs);
  const { subjects, truncated } = await readEventMinutes(tx, { rule, ...wanted, from, to: span.to });
  const tracks: Track<Data>[] = [];
  const edges = span.edges.map((edge) => edge.getTime());
  for (const subject of subjects) {
    if (span.isSpent()) break;
    const dataAt = dataFor(subject);
    const sliding = new SlidingMinutes(subject.minutes);
    const changes = windowInstants(subject.minutes, wanted.windowMs, span.from, span.to);
    const instants = new Set([...changes, ...edges]);
    const points = [...instants].sort(inOrder).map((at) => {
      sliding.moveTo(at, wanted.windowMs);
      return {
        at: new Date(at),
        watch: { watchingSince: span.from, intakeUp: true },
        data: dataAt(at, sliding),
      };
    });
    tracks.push({ subject: subject.subject, points });
  }
  const notes = truncated
    ? ['There are more events than one backtest reads; the last subjects are not counted.']
    : [];
  return { tracks, subjectsTotal: subjects.length, notes };
}
