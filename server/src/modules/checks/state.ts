import type { CheckStatus, ProbeOutcome } from '@watchkeeper/contracts/checks';

/** The judged state of a check, and how certain it is. */
export interface Standing {
  readonly status: CheckStatus;
  readonly reason: string | null;
  readonly failures: number;
  readonly successes: number;
}

export interface Limits {
  readonly alertAfterFailures: number;
  readonly recoverAfterSuccesses: number;
}

/** The parent in the worst state; null when all parents are up. */
export interface Parent {
  readonly name: string;
  /** `failing`: it fails, but not often enough to be down. */
  readonly state: 'down' | 'failing' | 'unknown';
}

/** Judges one result. */
export function judge(
  before: Standing,
  result: { readonly outcome: ProbeOutcome; readonly reason: string },
  limits: Limits,
  parent: Parent | null,
): Standing {
  if (parent !== null) {
    const held = judgeUnder(parent, before, result.outcome);
    if (held !== null) return held;
  }
  if (result.outcome === 'unable')
    return { status: 'unknown', reason: result.reason, failures: before.failures, successes: 0 };
  return result.outcome === 'failed'
    ? judgeFailure(before, result.reason, limits)
    : judgeSuccess(before, limits);
}

/** Why a check is not judged by its own result, because a parent is in trouble; null when it is judged. */
function judgeUnder(parent: Parent, before: Standing, outcome: ProbeOutcome): Standing | null {
  const { name, state } = parent;
  if (state === 'down')
    return unknown(`It depends on ${name}, which is down; until that is up, it is not judged.`);
  if (outcome !== 'failed') return null;
  if (state === 'unknown') return unknown(`It fails, but depends on ${name}, whose state is unknown.`);
  // Both may have the same cause: wait until it is known whether the parent is down.
  return { ...before, successes: 0 };
}

function unknown(reason: string): Standing {
  return { status: 'unknown', reason, failures: 0, successes: 0 };
}

function judgeFailure(before: Standing, reason: string, limits: Limits): Standing {
  const failures = before.failures + 1;
  const isDown = before.status === 'down' || failures >= limits.alertAfterFailures;
  // The old state stays until the new one is certain.
  return {
    status: isDown ? 'down' : before.status,
    reason: isDown ? reason : before.reason,
    failures,
    successes: 0,
  };
}

function judgeSuccess(before: Standing, limits: Limits): Standing {
  const successes = before.successes + 1;
  const trusted = before.status === 'up' || before.status === 'pending';
  const isUp = trusted || successes >= limits.recoverAfterSuccesses;
  return { status: isUp ? 'up' : before.status, reason: isUp ? null : before.reason, failures: 0, successes };
}
