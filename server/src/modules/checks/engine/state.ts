import { FairShare } from '#platform/fair-share';
import type { Prepared } from './prepare.ts';
import type { Finished } from './recorder.ts';
import { type ClaimedCheck, workerSilentMs } from './store.ts';

const claimMax = 1_000;
/**
 * Checks that are claimed and not finished; one organization gets at most half. Beyond this, the worker leaves checks
 * to others.
 */
const heldMax = 4_096;
const flushMax = 500;
/** Results kept while the database cannot be reached. When full, the oldest are dropped: their leases expire first. */
export const bufferedMax = 10_000;
/** As many batches as the buffer can hold. */
export const flushesMax = bufferedMax / flushMax;
/** When checks start later than this, the worker has a problem, and the log says so. */
const lateMs = 5_000;
const lateWarningEveryMs = 60_000;
/** After this long without a run, the check becomes unknown. A check that never runs must not look healthy. */
const skippedMsMax = 60_000;

interface Skips {
  readonly since: number;
  readonly last: number;
}

/** Everything that the engine remembers. The functions below read and change it, without a clock or a database. */
export interface EngineState {
  /** Checks that are claimed and not settled: the check's id, and its organization's id. */
  readonly held: Map<string, string>;
  /** The same checks, counted by organization. */
  readonly share: FairShare;
  /** The data that each held check was given from the database. */
  readonly prepared: Map<string, Prepared>;
  /** Checks that could not use their turns: since when, and when last (monotonic times). The latest comes last. */
  readonly skips: Map<string, Skips>;
  /** Results that are not recorded yet, oldest first. */
  finished: Finished[];
  /** Checks whose leases are given back with the next flush. */
  unwanted: string[];
  /** When this worker last sent a beat (monotonic time). */
  beatAt: number;
  lateWarnedAt: number;
  isStopping: boolean;
  /** Called when nothing is running any more. */
  onIdle: (() => void) | undefined;
}

export function createEngineState(): EngineState {
  return {
    held: new Map(),
    share: new FairShare(heldMax),
    prepared: new Map(),
    skips: new Map(),
    finished: [],
    unwanted: [],
    beatAt: Number.NEGATIVE_INFINITY,
    lateWarnedAt: Number.NEGATIVE_INFINITY,
    isStopping: false,
    onIdle: undefined,
  };
}

/** Other workers may think that this one is dead and have taken its checks. Then it must start nothing. */
export function isThoughtDead(state: EngineState, now: number): boolean {
  return now - state.beatAt > workerSilentMs;
}

/** How many checks may be claimed: none when the last beat is not fresh. */
export function roomToClaim(state: EngineState, now: number): number {
  if (now - state.beatAt > workerSilentMs / 2) return 0;
  return Math.max(0, Math.min(claimMax, heldMax - state.held.size));
}

export function hold(state: EngineState, claimed: readonly ClaimedCheck[]): void {
  for (const { check_id: id, organization_id: organizationId } of claimed) {
    if (!state.held.has(id)) state.share.add(organizationId);
    state.held.set(id, organizationId);
  }
}

export function letGo(state: EngineState, check: ClaimedCheck): void {
  if (state.held.delete(check.check_id)) state.share.giveBack(check.organization_id);
  state.prepared.delete(check.check_id);
}

/** Asked while a run settles. That run still counts as running, hence 1. */
export function isIdle(state: EngineState, running: number): boolean {
  return state.held.size === 0 || (state.isStopping && running <= 1);
}

export function keepResult(state: EngineState, result: Finished): void {
  state.finished.push(result);
  // A result that is dropped is made again: its check runs again.
  if (state.finished.length > bufferedMax)
    state.unwanted.push(...state.finished.splice(0, 1).map((one) => one.check.check_id));
}

/** The results to record next. */
export function nextResults(state: EngineState): readonly Finished[] {
  return state.finished.slice(0, flushMax);
}

/** Removes exactly the recorded results: meanwhile new ones may have been added, and the oldest dropped. */
export function forgetResults(state: EngineState, recorded: readonly Finished[]): void {
  const done = new Set(recorded);
  state.finished = state.finished.filter((one) => !done.has(one));
}

/** Notes that a check could not use its turn. @returns whether this has lasted too long. */
export function noteSkipped(state: EngineState, checkId: string, now: number): boolean {
  forgetOldSkips(state, now);
  const since = state.skips.get(checkId)?.since ?? now;
  state.skips.delete(checkId);
  state.skips.set(checkId, { since, last: now });
  return now - since >= skippedMsMax;
}

/** After a pause this long, another worker may have run the check, or it may have been deleted. */
function forgetOldSkips(state: EngineState, now: number): void {
  for (const [id, { last }] of state.skips) {
    if (now - last <= skippedMsMax) return;
    state.skips.delete(id);
  }
}

/** @returns whether to warn about a run that started so late. */
export function noteLate(state: EngineState, ms: number, now: number): boolean {
  if (ms < lateMs || now - state.lateWarnedAt < lateWarningEveryMs) return false;
  state.lateWarnedAt = now;
  return true;
}
