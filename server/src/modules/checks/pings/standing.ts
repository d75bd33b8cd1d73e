import type { ProbeOutcome } from '@watchkeeper/contracts/checks';
import type { PingPhase } from '@watchkeeper/contracts/pings';
import { cutText } from '@watchkeeper/contracts/text';
import type { Ping, PingKind } from './ping.ts';
import type { PingConfig, Schedule } from './schedule.ts';

/** A job that reported its start, but not its end yet. */
export interface Run {
  readonly rid: string | null;
  readonly startedAt: number;
  /** It was already reported as running for too long. */
  readonly overdue: boolean;
}

/** What the pings of a check tell about it. Times are in milliseconds since the epoch. */
export interface PingState {
  /** The number of all pings so far. */
  readonly pings: number;
  /** The last success or failure. */
  readonly lastPingAt: number | null;
  readonly lastKind: PingKind | null;
  readonly lastDurationMs: number | null;
  readonly runs: readonly Run[];
  /** null: it has never checked in, so nothing is expected yet. */
  readonly expectedAt: number | null;
}

export const freshPingState: PingState = {
  pings: 0,
  lastPingAt: null,
  lastKind: null,
  lastDurationMs: null,
  runs: [],
  expectedAt: null,
};

/** A result, like that of any other check. */
export interface PingVerdict {
  readonly at: number;
  readonly outcome: ProbeOutcome;
  readonly reason: string;
  readonly durationMs: number | null;
}

/** How many concurrent runs are told apart. When there are more, the oldest is forgotten. */
export const runsMax = 20;
/** How much of the sender's text becomes the reason. */
const messageLengthMax = 300;

/** What a ping means: decided by its method; then, where keywords are set, by its body; otherwise by its address. */
export function meaningOf(ping: Ping, config: PingConfig): PingKind {
  if (ping.source !== 'healthchecks') return ping.kind;
  if (config.methods === 'POST' && ping.method !== 'POST') return 'ignored';
  const { failure_keywords: failure, success_keywords: success, start_keywords: start } = config;
  if ([failure, success, start].every((words) => wordsIn(words).length === 0)) return ping.kind;
  const body = bodyText(ping);
  const says = (words: string | undefined) => wordsIn(words).some((word) => body.includes(word));
  if (says(failure)) return 'fail';
  if (says(success)) return 'success';
  return says(start) ? 'start' : 'ignored';
}

function wordsIn(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

export function bodyText({ body }: Pick<Ping, 'body'>): string {
  return body === null ? '' : Buffer.from(body, 'base64').toString('utf8');
}

/** Applies one ping. `verdict` is null when the ping says nothing about the check's state. */
export function applyPing(
  before: PingState,
  ping: Ping,
  meaning: PingKind,
  schedule: Schedule,
): { readonly state: PingState; readonly verdict: PingVerdict | null } {
  const state = { ...before, pings: before.pings + 1, lastKind: meaning };
  if (meaning === 'log' || meaning === 'ignored') return { state, verdict: null };
  if (meaning === 'start') {
    const run = { rid: ping.rid, startedAt: ping.at, overdue: false };
    const others = before.runs.filter(({ rid }) => rid !== ping.rid);
    return { state: { ...state, runs: [...others, run].slice(-runsMax) }, verdict: null };
  }
  const run = before.runs.find(({ rid }) => rid === ping.rid);
  const durationMs = ping.durationMs ?? (run === undefined ? null : Math.max(0, ping.at - run.startedAt));
  const ended: PingState = {
    ...state,
    lastPingAt: ping.at,
    lastDurationMs: durationMs,
    // An end without a run id ends all runs: its sender does not tell runs apart.
    runs: ping.rid === null ? [] : before.runs.filter((one) => one !== run),
    expectedAt: schedule.next(ping.at),
  };
  const outcome = meaning === 'fail' ? 'failed' : 'ok';
  return { state: ended, verdict: { at: ping.at, outcome, reason: endWords(ping, meaning), durationMs } };
}

function endWords(ping: Ping, meaning: PingKind): string {
  if (meaning === 'success') return 'It checked in.';
  if (ping.exitStatus !== null && ping.exitStatus > 0) return `It ended with exit status ${ping.exitStatus}.`;
  const message = cutText(bodyText(ping).trim().split('\n', 1)[0] ?? '', messageLengthMax);
  return message === '' ? 'It reported a failure.' : `It reported a failure: ${message}`;
}

/**
 * When silence becomes a failure; null when nothing is expected. While a run is going on, its end is awaited instead of
 * the next check-in, so only the limit of its length counts.
 */
export function alarmAt(state: PingState, schedule: Schedule): number | null {
  const open = state.runs.filter(({ overdue }) => !overdue);
  if (open.length > 0) return Math.min(...open.map(({ startedAt }) => startedAt)) + schedule.maxRunMs;
  return state.expectedAt === null ? null : state.expectedAt + schedule.graceMs;
}

/**
 * Judges a check whose alarm is due. If a ping may have been sent while no process was receiving, its absence proves
 * nothing. `watchingSince`: since when no ping could have been missed.
 */
export function judgeSilence(
  before: PingState,
  schedule: Schedule,
  now: number,
  watchingSince: number,
): { readonly state: PingState; readonly verdict: PingVerdict | null } {
  const due = alarmAt(before, schedule);
  if (due === null || due > now) return { state: before, verdict: null };
  const expectedAt = nextExpected(before, schedule, now);
  const late = before.runs.filter((run) => !run.overdue && run.startedAt + schedule.maxRunMs <= now);
  const verdict = (outcome: ProbeOutcome, reason: string) => ({ at: now, outcome, reason, durationMs: null });
  const oldest = late[0];
  if (oldest !== undefined) {
    const unheard = watchingSince > oldest.startedAt;
    const runs = before.runs.flatMap((run) =>
      !late.includes(run) ? [run] : watchingSince > run.startedAt ? [] : [{ ...run, overdue: true }],
    );
    const state = { ...before, runs, expectedAt };
    return unheard
      ? {
          state,
          verdict: verdict('unable', `${awayWords} whether the run since ${iso(oldest.startedAt)} ended.`),
        }
      : { state, verdict: verdict('failed', overrunWords(oldest, schedule)) };
  }
  const expected = before.expectedAt ?? now;
  const state = { ...before, expectedAt };
  return watchingSince > expected - schedule.graceMs
    ? { state, verdict: verdict('unable', `${awayWords} whether it checked in for ${iso(expected)}.`) }
    : { state, verdict: verdict('failed', missingWords(before, expected, schedule)) };
}

/** All times that passed without a check-in count as one failure. */
function nextExpected({ expectedAt }: PingState, schedule: Schedule, now: number): number | null {
  if (expectedAt === null || expectedAt + schedule.graceMs > now) return expectedAt;
  return schedule.next(Math.max(expectedAt, now - schedule.graceMs));
}

const awayWords = 'Watchkeeper itself was away and cannot tell';

function missingWords({ lastPingAt }: PingState, expected: number, { graceMs }: Schedule): string {
  const last = lastPingAt === null ? 'It has never checked in' : `It last checked in at ${iso(lastPingAt)}`;
  return `${last}; the next one was expected at ${iso(expected)}, with ${seconds(graceMs)} of grace.`;
}

function overrunWords({ startedAt }: Run, { maxRunMs }: Schedule): string {
  return `It has been running since ${iso(startedAt)}, longer than the ${seconds(maxRunMs)} it may take.`;
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

/** The current state of a check in one word. */
export function phaseOf(
  state: Pick<PingState, 'runs' | 'expectedAt'>,
  check: { readonly enabled: boolean; readonly status: 'pending' | 'up' | 'down' | 'unknown' },
  schedule: Schedule,
  now: number,
): PingPhase {
  if (!check.enabled) return 'paused';
  if (state.runs.some((run) => run.overdue || run.startedAt + schedule.maxRunMs <= now)) return 'overrunning';
  if (state.runs.length > 0) return 'started';
  if (check.status === 'down') return 'down';
  if (state.expectedAt === null) return 'new';
  if (now >= state.expectedAt + schedule.graceMs) return check.status === 'unknown' ? 'late' : 'down';
  return now >= state.expectedAt ? 'late' : 'up';
}
