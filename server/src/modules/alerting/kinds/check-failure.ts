import { type CheckStatus, checkStatuses } from '@watchkeeper/contracts/checks';
import { durationWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { checkResultRows, checkRows, checkStateRows } from '#modules/checks';
import { siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import type { Judgement } from '../judgement.ts';
import { defineRuleKind } from '../kind.ts';
import {
  joinOpenAlert,
  lastResolvedAt,
  type ObservedRow,
  ruleColumns,
  toObservation,
} from '../observing/observation-store.ts';
import { watchesCheck } from '../observing/watching.ts';
import type { Replay, ReplayedRule, ReplaySpan } from '../replay.ts';
import { timeWords } from '../words.ts';

const schema = Type.Object(
  {
    after_seconds: Type.Number({
      minimum: 0,
      maximum: 86_400,
      default: 0,
      title: 'Down for at least',
      unit: 's',
      description: 'Counted from the moment the check is down, after its own number of failures in a row.',
    }),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

export interface CheckStanding {
  readonly kind: string;
  readonly status: CheckStatus;
  readonly since: Date;
  readonly reason: string | null;
  readonly failures: number;
  readonly totalMs: number | null;
  readonly timezone?: string;
}

/** The check has judged its own results. Only its status "down" fires, and only "up" resolves. */
export function evaluateCheckFailure(config: Config, data: CheckStanding, now: Date): Judgement {
  const seconds = Math.max(0, (now.getTime() - data.since.getTime()) / 1_000);
  const details = {
    check_kind: data.kind,
    status: data.status,
    since: data.since.toISOString(),
    consecutive_failures: data.failures,
    total_ms: data.totalMs,
    after_seconds: config.after_seconds,
  };
  const value = data.failures;
  if (data.status === 'up') return { verdict: 'ok', value, why: 'The check succeeds again.', details };
  if (data.status !== 'down')
    return { verdict: 'unknown', value, why: data.reason ?? 'The check has no result yet.', details };
  const runs = data.failures === 1 ? '1 run' : `${data.failures} runs in a row`;
  // Leave out a time below one millisecond: nothing was fetched, only looked up.
  const took =
    data.totalMs === null || data.totalMs < 1
      ? ''
      : ` The last one ended after ${Math.round(data.totalMs)} ms.`;
  const why = `${data.reason ?? 'The check fails.'} ${runs} failed, down since ${timeWords(data.since, data.timezone)}.${took}`;
  // Not `pending`: the check's own state already keeps the time since when it is down.
  return { verdict: seconds >= config.after_seconds ? 'firing' : 'unknown', value, why, details };
}

interface CheckRow extends ObservedRow {
  check_kind: string;
  check_status: CheckStatus;
  check_since: Date;
  check_reason: string | null;
  consecutive_failures: number;
  last_total_ms: number | null;
  timezone: string | null;
}

const subject = sql`'check:' || c.id`;

export const checkFailure = defineRuleKind({
  kind: 'check_failure',
  label: 'Check failure',
  help: 'Fires when a check is down and resolves when it is up again. The check itself decides, by its number of failures in a row. A gap between results changes nothing.',
  schema,
  fixture: { after_seconds: 60 },
  subjects: ['check'],
  wakesOn: 'checks',
  restsOnSilence: false,
  deviceStatus: null,
  watches: watchesCheck,
  resolve: (config) => config,
  describe: ({ after_seconds: seconds }) =>
    seconds === 0 ? 'a check is down' : `a check is down for ${durationWords(seconds)} or longer`,
  signal: () => ({ label: 'Failed runs in a row', unit: '', limit: null, side: 'above' }),
  title: (_config, { name }) => `${name} is down`,
  async observe(tx, _moment, focus) {
    const only = focus.checkIds === undefined ? sql`` : sql`and c.id = any(${focus.checkIds}::uuid[])`;
    // A check that is switched off has no due time; its alerts are closed as orphans.
    const { rows } = await sql<CheckRow>`
      select ${ruleColumns}, 'check' as subject_kind, c.id as subject_id, c.name as subject_name, c.site_id, c.device_id,
        null::text as device_status, null::timestamptz as pending_since, a.id as alert_id,
        ${lastResolvedAt(subject)} as last_resolved_at, c.kind as check_kind, st.status as check_status,
        st.since as check_since, st.reason as check_reason, st.consecutive_failures, st.last_total_ms,
        (select z.timezone from ${siteRows} z where z.id = c.site_id) as timezone
      from rules r join ${checkRows} c on c.organization_id = r.organization_id
        and (r.site_id is null or c.site_id = r.site_id)
      join ${checkStateRows} st on st.check_id = c.id and st.next_due_at is not null
      ${joinOpenAlert(subject)}
      where r.kind = 'check_failure' and r.enabled and (st.status = 'down' or a.id is not null) ${only}`.execute(
      tx,
    );
    return rows.map((row) =>
      toObservation<CheckStanding>(row, {
        kind: row.check_kind,
        status: row.check_status,
        since: row.check_since,
        reason: row.check_reason,
        failures: row.consecutive_failures,
        totalMs: row.last_total_ms,
        ...(row.timezone === null ? {} : { timezone: row.timezone }),
      }),
    );
  },
  evaluate: (config, data, moment) => evaluateCheckFailure(config, data, moment.now),
  reading: (_config, { status, failures }) => ({
    value: status === 'up' || status === 'down' ? failures : null,
  }),
  replay: replayChecks,
});

const resultsMax = 100_000;

interface ResultRow {
  check_id: string;
  name: string;
  kind: string;
  at: Date;
  status: string;
  reason: string;
  total_ms: number | null;
  failures: number;
}

/**
 * Every result stores how the check was judged after it. We need only the changes, and the last result before each
 * edge.
 */
async function replayChecks(
  tx: Tx,
  rule: ReplayedRule & { config: Config },
  span: ReplaySpan,
): Promise<Replay<CheckStanding>> {
  const { rows } = await sql<ResultRow>`
    with results as (
      select x.check_id, c.name, c.kind, x.at, x.status, x.reason, x.total_ms, x.outcome,
        lag(x.status) over w as before, count(*) filter (where x.outcome = 'ok') over w as streak,
        width_bucket(x.at, ${[...span.edges]}::timestamptz[]) as step
      from ${checkResultRows} x join ${checkRows} c on c.id = x.check_id
      where x.organization_id = ${rule.organizationId} and x.at >= ${span.from} and x.at <= ${span.to}
        and ${rule.subject === undefined ? sql`(${rule.siteId}::uuid is null or c.site_id = ${rule.siteId})` : sql`c.id = ${rule.subject.id}`}
      window w as (partition by x.check_id order by x.at)
    ), counted as (
      select *, lead(step) over (partition by check_id order by at) as next_step,
        (count(*) filter (where outcome = 'failed') over (partition by check_id, streak order by at))::int as failures
      from results
    )
    select check_id, name, kind, at, status, reason, total_ms, failures from counted
    where before is distinct from status or next_step is distinct from step
    order by check_id, at limit ${resultsMax}`.execute(tx);
  const tracks = [...Map.groupBy(rows, (row) => row.check_id)].map(([id, results]) => ({
    subject: { kind: 'check' as const, id, name: results[0]?.name ?? '' },
    points: pointsOf(results, rule.config, span.to),
  }));
  const notes =
    rows.length === resultsMax
      ? ['There are more changes than one backtest reads; the last ones are not counted.']
      : [];
  return { tracks, subjectsTotal: tracks.length, notes };
}

/** Each result, and the moment at which the check has been down for as long as the rule asks. */
function pointsOf(results: readonly ResultRow[], config: Config, end: Date) {
  let since: { status: string; at: Date } | undefined;
  return results.flatMap((row, index) => {
    const changed = since?.status !== row.status;
    if (since === undefined || changed) since = { status: row.status, at: row.at };
    const data: CheckStanding = {
      kind: row.kind,
      status: checkStatuses.find((one) => one === row.status) ?? 'unknown',
      since: since.at,
      reason: row.reason,
      failures: row.failures,
      totalMs: row.total_ms,
    };
    const ripe = new Date(since.at.getTime() + config.after_seconds * 1_000);
    const until = results[index + 1]?.at ?? end;
    const instants = ripe > row.at && ripe < until ? [row.at, ripe] : [row.at];
    return instants.map((at) => ({ at, watch: { watchingSince: row.at, intakeUp: true }, data }));
  });
}
