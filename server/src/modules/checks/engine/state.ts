import { FairShare } from '#platform/fair-share';
import type { Prepared } from './prepare.ts';
import type { Finished } from './recorder.ts';
import { type ClaimedCheck, workerSilentMs } from './store.ts';

const claimMax = 1_000;
/** Claimed and not finished, of one organization at most half; with more the worker leaves the rest to others. */
const heldMax = 4_096;
const flushMax = 500;
/** Results that wait for a database that is away. Older ones go first: their leases are lost soonest. */
export const bufferedMax = 10_000;
/** As many batches as the buffer can hold. */
export const flushesMax = bufferedMax / flushMax;
/** Begun later than this, something is wrong with this worker, and the log says so. */
const lateMs = 5_000;
const lateWarningEveryMs = 60_000;
/** Not used for so long, it is said: a check that is never looked at must not pass for one that is well. */
const skippedMsMax = 60_000;

/** All that the engine remembers. The functions below read and change it; none asks a clock or a database. */
export interface EngineState {
  /** Claimed and not settled: by its id, whose it is. */
  readonly held: Map<string, string>;
  /** The same, counted by organization. */
  readonly share: FairShare;
  /** What a held check was handed of the database. */
  readonly prepared: Map<string, Prepared>;
  /** Since when the turns of a check could not be used; monotonic. */
  readonly skippedSince: Map<string, number>;
  /** Results that are not recorded yet, oldest first. */
  finished: Finished[];
  /** Checks whose leases go back with the next flush. */
  unwanted: string[];
  /** When this worker last showed itself; monotonic. */
  beatAt: number;
  lateWarnedAt: number;
  isStopping: boolean;
  /** Called when nothing is under way any more. */
  onIdle: (() => void) | undefined;
}

export function createEngineState(): EngineState {
  return {
    held: new Map(),
    share: new FairShare(heldMax),
    prepared: new Map(),
    skippedSince: new Map(),
    finished: [],
    unwanted: [],
    beatAt: Number.NEGATIVE_INFINITY,
    lateWarnedAt: Number.NEGATIVE_INFINITY,
    isStopping: false,
    onIdle: undefined,
  };
}

/** A worker that may be thought dead starts nothing: others have its checks by now. */
export function isThoughtDead(state: EngineState, now: number): boolean {
  return now - state.beatAt > workerSilentMs;
}

/** How many checks may be claimed; none while the last beat is not fresh. */
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

/** Asked while a run settles: that one still counts among those that run. */
export function isIdle(state: EngineState, running: number): boolean {
  return state.held.size === 0 || (state.isStopping && running <= 1);
}

export function keepResult(state: EngineState, result: Finished): void {
  state.finished.push(result);
  // What is not kept is looked at again.
  if (state.finished.length > bufferedMax)
    state.unwanted.push(...state.finished.splice(0, 1).map((one) => one.check.check_id));
}

/** The results to record next. */
export function nextResults(state: EngineState): readonly Finished[] {
  return state.finished.slice(0, flushMax);
}

/** More may have finished meanwhile, and the oldest may have gone. */
export function forgetResults(state: EngineState, recorded: readonly Finished[]): void {
  const done = new Set(recorded);
  state.finished = state.finished.filter((one) => !done.has(one));
}

/** Notes that the turn of a check could not be used. @returns whether that has gone on for too long. */
export function noteSkipped(state: EngineState, checkId: string, now: number): boolean {
  const since = state.skippedSince.get(checkId) ?? now;
  state.skippedSince.set(checkId, since);
  return now - since >= skippedMsMax;
}

/** @returns whether to warn of a run that began so late. */
export function noteLate(state: EngineState, ms: number, now: number): boolean {
  if (ms < lateMs || now - state.lateWarnedAt < lateWarningEveryMs) return false;
  state.lateWarnedAt = now;
  return true;
}
