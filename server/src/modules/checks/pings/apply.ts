import { audit } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { faultWords, inParts } from '#platform/db/parts';
import { liveIdsMax } from '#platform/live';
import { storableText } from '#platform/storable';
import { readWatch } from '#platform/watch';
import { findParentsInTroubleIn } from '../engine/store.ts';
import { announceJudged } from '../events.ts';
import { judge, type Parent, type Standing } from '../state.ts';
import { decodePings, encodePing, type Ping, type PingKind, pingsKept } from './ping.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { alarmAt, applyPing, judgeSilence, meaningOf, type PingState, type PingVerdict } from './standing.ts';
import {
  insertFaulty,
  insertResults,
  type JournalRow,
  keepPings,
  lockDuePingChecks,
  lockPingChecks,
  type NumberedPing,
  type PingRow,
  type PingUpdate,
  type ResultInsert,
  type StandingUpdate,
  setUnable,
  switchOn,
  takeJournal,
  updatePingChecks,
  updateStandings,
  wakeLater,
} from './store.ts';

const minuteMs = 60_000;
/** Older results are not stored, because the partition of their day may be gone. Their pings still count. */
const resultAgeMsMax = 86_400_000;

/** Checks that are locked, judged and written with one round of statements. */
const checksAtOnce = 250;

/** After a fault in judging the silence of a check, wait this long before the next try. */
const faultyRestMs = 300_000;

type ApplyCtx = Pick<Ctx, 'clock' | 'events' | 'live' | 'log'>;

/** One check, while its pings or its silence are applied to it. */
interface Case {
  row: PingRow;
  /** It was paused, and one of these pings resumed it. */
  resumed: boolean;
  readonly schedule: Schedule;
  state: PingState;
  standing: Standing;
  last: PingVerdict | null;
  readonly results: ResultInsert[];
  readonly kept: NumberedPing[];
}

/** Applies the oldest journal rows to their checks and removes them. @returns how many rows. */
export async function applyJournal(
  ctx: ApplyCtx,
  tx: Tx,
  limit: { readonly rows: number; readonly bytes: number },
): Promise<number> {
  const rows = await takeJournal(tx, limit);
  const pings = await byCheck(rows, ctx.clock.now());
  // All writers take several rows in order of id, so that they cannot deadlock.
  const ids = [...pings.keys()].sort();
  for (let start = 0; start < ids.length; start += checksAtOnce) {
    const { faults } = await inParts(tx, ids.slice(start, start + checksAtOnce), async (part) => {
      const cases = (await lockPingChecks(tx, part)).map(open);
      const parents = await readParents(tx, cases);
      for (const one of cases)
        for (const ping of pings.get(one.row.check_id) ?? [])
          take(one, ping, parents.get(one.row.check_id) ?? null);
      await save(ctx, tx, cases, false);
    });
    for (const { item, error } of faults) await setAside(ctx, tx, item, pings.get(item) ?? [], error);
  }
  return rows.length;
}

/** Pings of a check that cannot be applied: kept for inspection, and reported as a fault of that check. */
async function setAside(
  ctx: ApplyCtx,
  tx: Tx,
  checkId: string,
  pings: readonly Ping[],
  error: unknown,
): Promise<void> {
  ctx.log.error({ err: error, check_id: checkId }, 'pings of a check cannot be applied and were set aside');
  const at = ctx.clock.now();
  const items = pings.map(({ checkId: id, at: then, ...said }) => encodePing(id, then, said));
  await insertFaulty(tx, new Date(at), JSON.stringify(items));
  await blame(ctx, tx, checkId, `Its pings cannot be applied: ${faultWords(error)}`);
}

/** Sets the check to unknown, because of a fault in its own data. */
async function blame(ctx: ApplyCtx, tx: Tx, checkId: string, reason: string): Promise<void> {
  const at = new Date(ctx.clock.now());
  const organizationId = await setUnable(tx, checkId, storableText(reason), at);
  if (organizationId === undefined) return;
  await announceJudged(ctx, tx, [{ organization_id: organizationId, check_id: checkId }]);
  await ctx.live.publish(tx, { organizationId, topic: 'check', ids: [checkId] });
}

/** A ping with a later time than this arrived before the clock went back. It counts as received now. */
const aheadMsMax = 2_500;

async function byCheck(rows: readonly JournalRow[], now: number): Promise<Map<string, Ping[]>> {
  const pings = new Map<string, Ping[]>();
  for (const { items } of rows) {
    for (const said of decodePings(items)) {
      const ping = said.at > now + aheadMsMax ? { ...said, at: now } : said;
      const known = pings.get(ping.checkId);
      if (known === undefined) pings.set(ping.checkId, [ping]);
      else known.push(ping);
    }
    // Let the process answer other requests between two rows.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return pings;
}

/** Judges the checks whose alarm is due by `now`. @returns how many were read. */
export async function judgeDue(ctx: ApplyCtx, tx: Tx, now: Date, checksMax: number): Promise<number> {
  const watch = await readWatch(tx, now);
  // No process receives pings at the moment, so silence says nothing.
  if (!watch.intakeUp) return 0;
  const due = await lockDuePingChecks(tx, now, checksMax);
  const { faults } = await inParts(tx, due, async (part) => {
    const cases = part.map(open);
    const parents = await readParents(tx, cases);
    for (const one of cases) {
      if (!one.row.enabled) continue;
      const judged = judgeSilence(one.state, one.schedule, now.getTime(), watch.watchingSince.getTime());
      one.state = judged.state;
      if (judged.verdict !== null)
        conclude(one, judged.verdict, parents.get(one.row.check_id) ?? null, false);
    }
    await save(ctx, tx, cases, true);
  });
  for (const { item, error } of faults) {
    ctx.log.error({ err: error, check_id: item.check_id }, 'the silence of a check cannot be judged');
    // Tried again later, so that other checks get their turn first.
    await wakeLater(tx, item.check_id, new Date(now.getTime() + faultyRestMs));
    await blame(ctx, tx, item.check_id, `Its silence cannot be judged: ${faultWords(error)}`);
  }
  return due.length;
}

function open(row: PingRow): Case {
  return {
    row,
    resumed: false,
    schedule: scheduleOf(row.config),
    state: {
      pings: Number(row.pings),
      lastPingAt: row.last_ping_at?.getTime() ?? null,
      lastKind: row.last_kind,
      lastDurationMs: row.last_duration_ms,
      runs: row.runs,
      expectedAt: row.expected_at?.getTime() ?? null,
    },
    standing: {
      status: row.status,
      reason: row.reason,
      failures: row.consecutive_failures,
      successes: row.consecutive_successes,
    },
    last: null,
    results: [],
    kept: [],
  };
}

async function readParents(tx: Tx, cases: readonly Case[]): Promise<Map<string, Parent>> {
  const ids = cases.flatMap(({ row }) => (row.has_parents ? [row.check_id] : []));
  const worst = new Map<string, Parent>();
  if (ids.length === 0) return worst;
  for (const { check_id: id, name, state } of await findParentsInTroubleIn(tx, ids))
    if (!worst.has(id)) worst.set(id, { name, state });
  return worst;
}

function take(one: Case, ping: Ping, parent: Parent | null): void {
  const said = meaningOf(ping, one.row.config);
  if (!one.row.enabled && one.row.config.resume_on_ping === true && isEnd(said)) {
    one.row = { ...one.row, enabled: true };
    one.resumed = true;
  }
  const meaning = one.row.enabled ? said : 'ignored';
  const before = one.state;
  const { state, verdict } = applyPing(before, ping, meaning, one.schedule);
  one.state = state;
  const durationMs = verdict?.durationMs ?? ping.durationMs;
  const kept = { organizationId: one.row.organization_id, n: state.pings, kind: meaning, durationMs, ping };
  // Plain successes that arrive together are kept as one line, like their result: only the last one matters.
  if (one.kept.length === pingsKept) one.kept.shift();
  else if (isPlain(kept) && isPlain(one.kept.at(-1))) one.kept.pop();
  one.kept.push(kept);
  if (verdict !== null) conclude(one, verdict, parent, isPlain(kept) && isSameMinute(before, ping));
}

/** A start or a log line does not resume a paused check. */
function isEnd(meaning: PingKind): boolean {
  return meaning === 'success' || meaning === 'fail';
}

function isPlain(kept: NumberedPing | undefined): boolean {
  return kept?.kind === 'success' && kept.ping.body === null && kept.durationMs === null;
}

/**
 * Plain successes within one minute are one result. A check that is pinged every second does not need 86,400 results a
 * day.
 */
function isSameMinute({ lastKind, lastPingAt }: PingState, { at }: Ping): boolean {
  return (
    lastKind === 'success' &&
    lastPingAt !== null &&
    Math.floor(lastPingAt / minuteMs) === Math.floor(at / minuteMs)
  );
}

function conclude(one: Case, verdict: PingVerdict, parent: Parent | null, isRepeat: boolean): void {
  const { row } = one;
  const limits = {
    alertAfterFailures: row.alert_after_failures,
    recoverAfterSuccesses: row.recover_after_successes,
  };
  const before = one.standing;
  one.standing = judge(before, verdict, limits, parent);
  one.last = verdict;
  if (isRepeat && before.status === one.standing.status) return;
  one.results.push({
    at: new Date(verdict.at).toISOString(),
    organization_id: row.organization_id,
    check_id: row.check_id,
    outcome: verdict.outcome,
    status: one.standing.status,
    total_ms: verdict.durationMs,
    reason: storableText(verdict.reason),
  });
}

async function save(ctx: ApplyCtx, tx: Tx, cases: readonly Case[], rearm: boolean): Promise<void> {
  for (const { row } of cases.filter(({ resumed }) => resumed)) await resume(ctx, tx, row);
  await updatePingChecks(tx, cases.map(toPingUpdate), rearm);
  const judged = cases.flatMap((one) => toStandingUpdate(one));
  if (judged.length > 0) await updateStandings(tx, judged);
  const oldest = new Date(ctx.clock.now() - resultAgeMsMax).toISOString();
  const results = cases.flatMap((one) => one.results.filter(({ at }) => at >= oldest));
  if (results.length > 0) await insertResults(tx, results);
  const kept = cases.flatMap((one) => one.kept);
  if (kept.length > 0) await keepPings(tx, kept);
  await tell(ctx, tx, cases);
}

/** In the audit log, the check-in is the actor: no person did it. */
async function resume(ctx: ApplyCtx, tx: Tx, row: PingRow): Promise<void> {
  const { slug } = await switchOn(tx, row.check_id, new Date(ctx.clock.now()));
  const caller = { kind: 'system', id: 'check-in', name: 'check-in' } as const;
  await audit(
    tx,
    { organizationId: row.organization_id, caller, requestId: 'system' },
    {
      action: 'check.updated',
      target: { kind: 'check', id: row.check_id, name: slug },
      before: { enabled: false },
      after: { enabled: true },
    },
  );
}

function toPingUpdate({ row, state, schedule }: Case): PingUpdate {
  const text = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    check_id: row.check_id,
    pings: state.pings,
    last_ping_at: text(state.lastPingAt),
    last_kind: state.lastKind,
    last_duration_ms: state.lastDurationMs,
    runs: state.runs,
    expected_at: text(state.expectedAt),
    alarm_at: row.enabled ? text(alarmAt(state, schedule)) : null,
  };
}

function toStandingUpdate({ row, last, standing }: Case): StandingUpdate[] {
  if (last === null) return [];
  return [
    {
      check_id: row.check_id,
      status: standing.status,
      reason: standing.reason === null ? null : storableText(standing.reason),
      failures: standing.failures,
      successes: standing.successes,
      at: new Date(last.at).toISOString(),
      outcome: last.outcome,
      last_reason: storableText(last.reason),
      total_ms: last.durationMs,
    },
  ];
}

/** Tells higher floors about changed verdicts, and open screens also about runs that started or ended. */
async function tell(ctx: ApplyCtx, tx: Tx, cases: readonly Case[]): Promise<void> {
  const changed = cases.filter(({ row, standing }) => standing.status !== row.status);
  await announceJudged(
    ctx,
    tx,
    changed.map(({ row }) => row),
  );
  const seen = cases.filter(
    ({ row, standing, state, resumed }) =>
      resumed || standing.status !== row.status || state.runs.length !== row.runs.length,
  );
  for (const [organizationId, own] of Map.groupBy(seen, ({ row }) => row.organization_id)) {
    const told = own.length > liveIdsMax ? [] : own.map(({ row }) => row.check_id);
    await ctx.live.publish(tx, { organizationId, topic: 'check', ids: told });
  }
}
