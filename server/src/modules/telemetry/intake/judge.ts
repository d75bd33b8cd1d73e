/**
 * Which arrivals say something about now? Our receipt time is the truth, so a device whose clock is wrong,
 * even by years, is as alive as any other: its own times are compared with each other, never with our clock.
 *
 * - duplicate: the retry of a heartbeat that we already hold (same sequence, or same sent_at).
 * - late: the device's own order (sequence, else sent_at) says that something newer was here before; or a
 *   gateway's buffer carried it longer than a device may be silent. It fills history at its own time.
 * - live: everything else, at receipt time.
 *
 * A clock set back looks like lateness, once: the next heartbeat has the same new skew, and a steady skew
 * is a clock that runs, while a backlog that drains shows another one each time. So the second one is live.
 */
export type Placement = 'live' | 'late' | 'duplicate';

/** The device's newest live heartbeat, and the last late one, in case its clock was set back. */
export interface OrderState {
  /** Receipt time in ms, null before the first. */
  readonly lastSeenAt: number | null;
  readonly sentAt: number | null;
  readonly sequence: number | null;
  /** Device clock minus ours, of the newest live heartbeat that carried a time. */
  readonly skewMs: number | null;
  /** The same of an arrival since then that looked late, and its sent_at: the anchor of a clock that was set. */
  readonly lateSkewMs: number | null;
  readonly lateSentAt: number | null;
}

export interface Stamp {
  readonly receivedAt: number;
  readonly sentAt: number | null;
  readonly sequence: number | null;
  /** Came through /heartbeats, so it may have waited in a buffer. */
  readonly buffered: boolean;
}

/** Coarse and slewing clocks go back this much without anything being late. */
export const backwardToleranceMs = 1_000;
/** Two arrivals whose skews differ by less may come from one clock that runs; jitter of the way is smaller. */
export const skewAgreementMs = 2_000;
/** Only over this much of its own time does a clock show that it runs. */
export const steadyMsMin = 1_000;
/** No sender buffers longer than this: an older sent_at means that the clock was set. */
export const backlogMsMax = 7 * 86_400_000;
/** The same sequence under another (or no) time is a retry this long; after that the device counts anew. */
export const retryMs = 30_000;
/** Out-of-order deliveries without a time overtake each other by no more than this. */
const reorderSequenceMax = 16;

/** `known` tells whether history holds a heartbeat with this sent_at or sequence. */
export function judge(state: OrderState, stamp: Stamp, known: boolean, liveDelayMs: number): Placement {
  if (state.lastSeenAt === null && state.sentAt === null) return judgeFirst(stamp, known, liveDelayMs);
  if (isRetry(state, stamp)) return 'duplicate';
  if (isBehind(state, stamp)) {
    if (known) return 'duplicate';
    return isSteadyClock(state, stamp) ? 'live' : 'late';
  }
  if (stamp.buffered && delayOf(state, stamp) > liveDelayMs) {
    if (known) return 'duplicate';
    return isSteadyClock(state, stamp) ? 'live' : 'late';
  }
  return 'live';
}

function judgeFirst(stamp: Stamp, known: boolean, liveDelayMs: number): Placement {
  if (known) return 'duplicate';
  if (!stamp.buffered || stamp.sentAt === null) return 'live';
  // No skew is known yet: a clock within a week of ours is believed, any other is simply wrong.
  const delay = stamp.receivedAt - stamp.sentAt;
  return delay > liveDelayMs && delay <= backlogMsMax ? 'late' : 'live';
}

function isRetry(state: OrderState, stamp: Stamp): boolean {
  if (stamp.sentAt !== null && stamp.sentAt === state.sentAt) {
    return stamp.sequence === state.sequence || stamp.sequence === null || state.sequence === null;
  }
  if (stamp.sequence === null || stamp.sequence !== state.sequence) return false;
  return stamp.receivedAt - (state.lastSeenAt ?? 0) <= retryMs;
}

/** Whether the device's own order says that this one is older than the newest we received. */
function isBehind(state: OrderState, stamp: Stamp): boolean {
  const sequenceStep =
    stamp.sequence === null || state.sequence === null ? null : stamp.sequence - state.sequence;
  const sentStep = stamp.sentAt === null || state.sentAt === null ? null : stamp.sentAt - state.sentAt;
  // A rising sequence proves that the clock was set and the heartbeat is not late.
  if (sequenceStep !== null && sequenceStep > 0) return false;
  if (sentStep !== null) return sentStep < -backwardToleranceMs && sentStep >= -backlogMsMax;
  if (sequenceStep === null || sequenceStep === 0) return false;
  // No time to compare: a small step back soon after is a reordering, any other is a device that began anew.
  return sequenceStep >= -reorderSequenceMax && stamp.receivedAt - (state.lastSeenAt ?? 0) <= retryMs;
}

function isSteadyClock(state: OrderState, stamp: Stamp): boolean {
  if (stamp.sentAt === null || state.lateSkewMs === null || state.lateSentAt === null) return false;
  const ran = stamp.sentAt - state.lateSentAt;
  if (ran < steadyMsMin) return false;
  // Half of the time that passed on it: a burst from a buffer moves sent_at and leaves receipt where it was.
  return Math.abs(stamp.sentAt - stamp.receivedAt - state.lateSkewMs) <= Math.min(skewAgreementMs, ran / 2);
}

/** How long it was under way, by the skew we know of that device. */
function delayOf(state: OrderState, stamp: Stamp): number {
  return stamp.sentAt === null ? 0 : stamp.receivedAt - (stamp.sentAt - (state.skewMs ?? skewGuess(stamp)));
}

function skewGuess(stamp: Stamp): number {
  const apparent = (stamp.sentAt ?? stamp.receivedAt) - stamp.receivedAt;
  return Math.abs(apparent) <= backlogMsMax ? 0 : apparent;
}

/** Where it belongs in time on our clock: receipt, or for what waited in a buffer when it was due. */
export function placeInTime(state: OrderState, stamp: Stamp, verdict: Placement): number {
  const waited = verdict === 'late' || (stamp.buffered && !isSteadyClock(state, stamp));
  if (stamp.sentAt === null || !waited) return stamp.receivedAt;
  return Math.min(stamp.sentAt - (state.skewMs ?? skewGuess(stamp)), stamp.receivedAt);
}

/** The order state after this arrival. */
export function advance(state: OrderState, stamp: Stamp, verdict: Placement, at: number): OrderState {
  if (verdict === 'duplicate') return state;
  const skewMs = stamp.sentAt === null ? null : stamp.sentAt - stamp.receivedAt;
  if (verdict === 'late') {
    const anchored =
      state.lateSkewMs !== null && Math.abs((skewMs ?? 0) - state.lateSkewMs) <= skewAgreementMs;
    return skewMs === null || anchored ? state : { ...state, lateSkewMs: skewMs, lateSentAt: stamp.sentAt };
  }
  // When the skew is known, the age of a buffered item shows how long it waited, not a wrong clock.
  const waited = at < stamp.receivedAt && state.skewMs !== null;
  return {
    lastSeenAt: Math.max(state.lastSeenAt ?? 0, at),
    sentAt: stamp.sentAt ?? state.sentAt,
    sequence: stamp.sequence ?? state.sequence,
    skewMs: skewMs === null || waited ? state.skewMs : skewMs,
    lateSkewMs: null,
    lateSentAt: null,
  };
}
