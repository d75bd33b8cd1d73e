import { createHash } from 'node:crypto';

/** Seconds before each retry: quick for a hiccup, then spread over half a day for a receiver that is down. */
const retryDelaysSeconds = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400] as const;
export const retryDelaySecondsMax = Math.max(...retryDelaysSeconds);
/** Retries differ by up to this share, so that a receiver which comes back is not met by all at once. */
const jitterShare = 0.2;

/** WORKER_MAX_RETRIES can ask for more tries than the schedule has, never for fewer: a lost message is worse than a late one. */
export function retriesMax(workerMaxRetries: number | undefined): number {
  return Math.max(workerMaxRetries ?? 0, retryDelaysSeconds.length);
}

/**
 * How long to wait after failed attempt number `attempt` (1 is the first), or undefined to give up.
 * The jitter follows from the message, so a crash in between does not change the plan.
 */
export function retryDelaySeconds(
  messageId: string,
  attempt: number,
  options: { workerMaxRetries: number | undefined; retryAfterSeconds?: number | undefined },
): number | undefined {
  if (attempt > retriesMax(options.workerMaxRetries)) return undefined;
  const base = retryDelaysSeconds[Math.min(attempt, retryDelaysSeconds.length) - 1] ?? retryDelaysSeconds[0];
  const jittered = base * (1 + jitterShare * unitFraction(`${messageId}.${attempt}`));
  return Math.max(jittered, options.retryAfterSeconds ?? 0);
}

/** A fraction in [0, 1) that is spread evenly over messages. */
function unitFraction(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) / 2 ** 32;
}
