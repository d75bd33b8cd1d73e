import type { ProbeOutcome } from '@watchkeeper/contracts/checks';
import type { PingPhase } from '@watchkeeper/contracts/pings';
import { cutText } from '@watchkeeper/contracts/text';
import type { Ping, PingKind } from './ping.ts';
import type { PingConfig, Schedule } from './schedule.ts';

/** A job that has said that it began, and not yet that it ended. */
export interface Run {
  readonly rid: string | null;
  readonly startedAt: number;
  /** It was reported as running for too long. */
  readonly overdue: boolean;
}

/** What is known of a check from its pings alone; times are milliseconds of the epoch. */
export interface PingState {
  /** All that ever came in. */
  readonly pings: number;
  /** Its last end, good or bad. */
  readonly lastPingAt: number | null;
  readonly lastKind: PingKind | null;
  readonly lastDurationMs: number | null;
  readonly runs: readonly Run[];
  /** null: it has never checked in, and nothing is expected yet. */
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

/** A result as any other check has it. */
export interface PingVerdict {
  readonly at: number;
  readonly outcome: ProbeOutcome;
  readonly reason: string;
  readonly durationMs: number | null;
}

/** Runs under way at once that are told apart; the oldest is forgotten first. */
export const runsMax = 20;
/** How much of what the sender says becomes the reason. */
const messageLengthMax = 300;

/** What a ping means: by its method; where keywords are set, by the words in its body; else by its address. */
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

/** One ping taken in. `verdict` is null where it says nothing about how the check stands. */
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
    // An end that names no run ends them all: its sender does not tell them apart.
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
 * When silence becomes a failure; null when nothing is expected. A run under way stands for the check-in
 * that is due: then only its own length counts.
 */
export function alarmAt(state: PingState, schedule: Schedule): number | null {
  const open = state.runs.filter(({ overdue }) => !overdue);
  if (open.length > 0) return Math.min(...open.map(({ startedAt }) => startedAt)) + schedule.maxRunMs;
  return state.expectedAt === null ? null : state.expectedAt + schedule.graceMs;
}

/**
 * The alarm's time has come. A ping that may have been sent while nobody took pings in proves nothing:
 * `watchingSince` is since when we know that we would have heard it.
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

/** What was missed while nobody looked is one failure, not one for every time. */
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

/** How it stands at this moment, in one word. */
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
