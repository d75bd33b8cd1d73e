import { durationWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { checkResultRows, checkRows, checkStateRows } from '#modules/checks';
import { deviceRows } from '#modules/inventory';
import { deviceStateRows, deviceStatusChangeRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import type { Judgement, Moment } from '../judgement.ts';
import { defineRuleKind } from '../kind.ts';
import {
  joinOpenAlert,
  lastResolvedAt,
  type ObservedRow,
  onlyRules,
  ruleColumns,
  toObservation,
} from '../observing/observation-store.ts';
import { watchesDevicesOrChecks } from '../observing/watching.ts';
import type { Replay, ReplayedRule, ReplaySpan, Track } from '../replay.ts';
import { countWords, wordsOfAsked, wordsOfLimit } from '../words.ts';

const windowMinutesMax = 1440;

const schema = Type.Object(
  {
    watch: Type.Enum(['both', 'devices', 'checks'], {
      default: 'both',
      title: 'Of',
      labels: { both: 'devices and checks', devices: 'devices', checks: 'checks' },
    }),
    transitions: Type.Integer({
      minimum: 2,
      maximum: 1_000,
      default: 6,
      title: 'Minimum number of changes',
      description:
        'From one known state to another: offline and back are two changes. Unknown states and maintenance are ignored.',
    }),
    window_minutes: Type.Integer({
      minimum: 1,
      maximum: windowMinutesMax,
      default: 60,
      title: 'Within',
      unit: 'min',
    }),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

/** These do not count as states: the state was not known, or nothing was judged. */
const passedOver = ['unknown', 'maintenance', 'pending'];
/** A check's first result within the window is compared with the result before it, if that is at most this old. */
const lookBackSeconds = 3_600;
/** The most subjects that one rule judges. If more than these flap, the cause lies elsewhere. */
const subjectsMax = 500;

export interface Changes {
  readonly transitions: number;
  /** The states between which it changed, in alphabetical order. */
  readonly states: readonly string[];
  readonly last: { readonly at: Date; readonly status: string } | null;
  /** Whether the state is known now. A subject with an unknown state has not become stable. */
  readonly isKnown: boolean;
}

export function evaluateFlapping(
  config: Config,
  data: Changes,
  { now, watch }: Pick<Moment, 'now' | 'watch'>,
): Judgement {
  const { transitions: limit, window_minutes: minutes } = config;
  const within = `in the last ${durationWords(minutes * 60)}`;
  const details = {
    transitions: data.transitions,
    threshold: limit,
    window_minutes: minutes,
    status: data.last?.status ?? null,
    changed_at: data.last?.at.toISOString() ?? null,
  };
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    verdict,
    value: data.transitions,
    why,
    details,
  });
  const times = countWords(data.transitions, 'time', 'times');
  const between = data.states.length === 0 ? '' : ` between ${data.states.join(' and ')}`;
  const reading =
    data.transitions === 0 ? `It did not change ${within}` : `It changed${between} ${times} ${within}`;
  if (data.transitions >= limit) {
    const last = data.last === null ? '' : `, most recently to ${data.last.status}`;
    return judged('firing', `${reading}${last}; ${wordsOfLimit('>=', `${limit} changes`)}.`);
  }
  if (!data.isKnown) return judged('unknown', `${reading}; its state now is not known.`);
  // Nobody saw the changes that happened while we were not watching.
  if (watch.watchingSince.getTime() > now.getTime() - minutes * 60_000)
    return judged('unknown', `${reading}, of which we watched only a part.`);
  return judged('ok', `${reading}; ${wordsOfAsked('>=', `${limit} changes`)}.`);
}

interface ChangesRow extends ObservedRow {
  transitions: number;
  states: string[] | null;
  last_at: Date | null;
  last_status: string | null;
  status_now: string;
}

const subject = sql`f.subject_kind || ':' || f.subject_id`;

export const flapping = defineRuleKind({
  kind: 'flapping',
  label: 'Flapping',
  help: 'Fires when a device or a check changes its state again and again within a window, and resolves when its state has not changed for that long. Each change alone may be too short for an alert; together they are a fault.',
  schema,
  fixture: { watch: 'both', transitions: 6, window_minutes: 60 },
  subjects: ['device', 'check'],
  wakesOn: 'metrics',
  restsOnSilence: false,
  deviceStatus: null,
  watches: watchesDevicesOrChecks,
  resolve: (config) => config,
  describe: ({ watch, transitions, window_minutes: minutes }) => {
    const what = { both: 'a device or a check', devices: 'a device', checks: 'a check' }[watch];
    return `${what} changes its state ${transitions} times or more within ${durationWords(minutes * 60)}`;
  },
  signal: (config) => ({
    label: 'Changes of state',
    unit: '',
    limit: config.transitions,
    side: 'above',
    contextMinutes: 3 * config.window_minutes,
  }),
  title: (_config, { name }) => `${name} is flapping`,
  async observe(tx, { now }, focus) {
    const begin = sql`${now}::timestamptz - make_interval(secs => r.window_s)`;
    // The time is known when PostgreSQL plans the statement, so the plan leaves out the partitions of older days.
    const oldest = new Date(now.getTime() - (windowMinutesMax * 60 + lookBackSeconds) * 1_000);
    const isState = (status: string) => sql`${sql.raw(status)} <> all(${passedOver})`;
    const { rows } = await sql<ChangesRow>`
      with r as materialized (
        select *, config->>'watch' as watch, (config->>'transitions')::int as wanted,
          (config->>'window_minutes')::float8 * 60 as window_s
        from rules where kind = 'flapping' and enabled ${onlyRules(focus)}
      ), states as (
        select r.id as rule_id, 'device' as subject_kind, d.id as subject_id, c.at, c.id as n, c.status,
          case when ${isState('c.was')} then c.was end as was
        from r join ${deviceStatusChangeRows} c on r.watch <> 'checks' and c.organization_id = r.organization_id
          and c.at > ${begin} and c.at <= ${now} and ${isState('c.status')}
        join ${deviceRows} d on d.key = c.device_key and d.retired_at is null and (r.site_id is null or d.site_id = r.site_id)
        union all
        select r.id, 'check', k.id, x.at, 0, x.status, null
        from r join ${checkRows} k on r.watch <> 'devices' and k.organization_id = r.organization_id
          and (r.site_id is null or k.site_id = r.site_id)
        join ${checkResultRows} x on x.check_id = k.id and x.at > ${begin} - make_interval(secs => ${lookBackSeconds})
          and x.at > ${oldest} and x.at <= ${now} and ${isState('x.status')}
      ), steps as materialized (
        select *, coalesce(lag(status) over (partition by rule_id, subject_id order by at, n), was) as before from states
      ), counted as (
        select s.rule_id, s.subject_kind, s.subject_id, count(*)::int as transitions,
          array_agg(distinct s.status) || array_agg(distinct s.before) as states, max(s.at) as last_at,
          (array_agg(s.status order by s.at desc, s.n desc))[1] as last_status,
          row_number() over (partition by s.rule_id order by count(*) desc) as n
        from steps s join r on r.id = s.rule_id where s.before <> s.status and s.at > ${begin} group by 1, 2, 3
      ), f as (
        select c.rule_id, c.subject_kind, c.subject_id from counted c join r on r.id = c.rule_id
        where c.transitions >= r.wanted and c.n <= ${subjectsMax}
        union
        select r.id, split_part(a.subject, ':', 1), split_part(a.subject, ':', 2)::uuid from r join alerts a
          on a.organization_id = r.organization_id and a.rule_id = r.id and a.status <> 'resolved'
          and a.subject ~ '^(device|check):[0-9a-f-]{36}$'
      )
      select ${ruleColumns}, f.subject_kind, f.subject_id, coalesce(d.name, k.name) as subject_name,
        coalesce(d.site_id, k.site_id) as site_id, coalesce(d.id, k.device_id) as device_id, ds.status as device_status,
        null::timestamptz as pending_since, a.id as alert_id, ${lastResolvedAt(subject)} as last_resolved_at,
        coalesce(c.transitions, 0) as transitions, c.states, c.last_at, c.last_status,
        coalesce(ds.status, ks.status, 'unknown') as status_now
      from f join r on r.id = f.rule_id
      left join counted c on c.rule_id = f.rule_id and c.subject_kind = f.subject_kind and c.subject_id = f.subject_id
      left join ${deviceRows} d on f.subject_kind = 'device' and d.id = f.subject_id
      left join ${deviceStateRows} ds on ds.device_id = d.id
      left join ${checkRows} k on f.subject_kind = 'check' and k.id = f.subject_id
      left join ${checkStateRows} ks on ks.check_id = k.id and ks.next_due_at is not null
      ${joinOpenAlert(subject)}
      where d.id is not null or k.id is not null`.execute(tx);
    return rows.map((row) =>
      toObservation<Changes>(row, {
        transitions: row.transitions,
        states: statesOf(row.states ?? []),
        last:
          row.last_at === null || row.last_status === null
            ? null
            : { at: row.last_at, status: row.last_status },
        isKnown: !passedOver.includes(row.status_now),
      }),
    );
  },
  evaluate: (config, data, moment) => evaluateFlapping(config, data, moment),
  replay: replayFlapping,
});

function statesOf(states: readonly string[]): string[] {
  return [...new Set(states)].sort();
}

const rowsMax = 100_000;

interface StateRow {
  subject_kind: 'device' | 'check';
  subject_id: string;
  subject_name: string;
  at: Date;
  was: string | null;
  status: string;
}

async function replayFlapping(
  tx: Tx,
  rule: ReplayedRule & { config: Config },
  span: ReplaySpan,
): Promise<Replay<Changes>> {
  const { watch, window_minutes: minutes } = rule.config;
  const { subject: one, organizationId, siteId } = rule;
  const reads = (kind: 'device' | 'check') =>
    one === undefined ? watch === 'both' || watch === `${kind}s` : one.kind === kind;
  const only = one === undefined ? sql`true` : sql`s.id = ${one.id}::uuid`;
  const there = sql`(${siteId}::uuid is null or s.site_id = ${siteId}) and ${only}`;
  const { rows } = await sql<StateRow>`
    select 'device' as subject_kind, s.id as subject_id, s.name as subject_name, c.at, c.was, c.status
    from ${deviceStatusChangeRows} c join ${deviceRows} s on s.key = c.device_key
    where ${reads('device')} and c.organization_id = ${organizationId} and c.at >= ${span.from} and c.at <= ${span.to}
      and ${there}
    union all
    select 'check', x.id, x.name, x.at, x.was, x.status from (
      select s.id, s.name, c.at, c.status, lag(c.status) over (partition by s.id order by c.at) as was
      from ${checkResultRows} c join ${checkRows} s on s.id = c.check_id
      where ${reads('check')} and c.organization_id = ${organizationId} and c.at >= ${span.from} and c.at <= ${span.to}
        and ${there}
    ) x where x.was is distinct from x.status
    order by 1, 2, 4 limit ${rowsMax}`.execute(tx);
  const tracks = [...Map.groupBy(rows, (row) => row.subject_id).values()].flatMap((states) => {
    const [first] = states;
    if (first === undefined) return [];
    const points = trackOf(states, minutes * 60_000, span);
    return [
      { subject: { kind: first.subject_kind, id: first.subject_id, name: first.subject_name }, points },
    ];
  });
  const notes =
    rows.length === rowsMax
      ? ['There are more changes than one backtest reads; the last ones are not counted.']
      : [];
  return { tracks, subjectsTotal: tracks.length, notes };
}

type State = Pick<StateRow, 'at' | 'was' | 'status'>;

/**
 * Every instant at which the number of changes in the window can change: when a change happens, and when it leaves the
 * window.
 */
export function trackOf(
  states: readonly State[],
  windowMs: number,
  { from, to, gaps, edges }: Pick<ReplaySpan, 'from' | 'to' | 'gaps' | 'edges'>,
): Track<Changes>['points'] {
  const changes = changesOf(states);
  const leaving = changes.map(({ at }) => at.getTime() + windowMs);
  const times = [...states.map(({ at }) => at.getTime()), ...leaving, ...edges.map((edge) => edge.getTime())];
  const instants = [...new Set(times)]
    .filter((time) => time >= (states[0]?.at.getTime() ?? 0) && time <= to.getTime())
    .sort((a, b) => a - b);
  let first = 0;
  let next = 0;
  let latest = 0;
  return instants.map((time) => {
    while ((changes[next]?.at.getTime() ?? Number.POSITIVE_INFINITY) <= time) next += 1;
    while (first < next && (changes[first]?.at.getTime() ?? 0) <= time - windowMs) first += 1;
    while ((states[latest + 1]?.at.getTime() ?? Number.POSITIVE_INFINITY) <= time) latest += 1;
    const within = changes.slice(first, next);
    const last = within.at(-1);
    const at = new Date(time);
    return {
      at,
      watch: { watchingSince: gaps.findLast((gap) => gap.to <= at)?.to ?? from, intakeUp: true },
      data: {
        transitions: within.length,
        states: statesOf(within.flatMap(({ before, status }) => [before, status])),
        last: last === undefined ? null : { at: last.at, status: last.status },
        isKnown: !passedOver.includes(states[latest]?.status ?? 'unknown'),
      },
    };
  });
}

function changesOf(states: readonly State[]) {
  let before: string | undefined;
  return states.flatMap(({ at, was, status }) => {
    const known = before ?? (was === null || passedOver.includes(was) ? undefined : was);
    if (passedOver.includes(status)) {
      before = known;
      return [];
    }
    before = status;
    return known === undefined || known === status ? [] : [{ at, before: known, status }];
  });
}
