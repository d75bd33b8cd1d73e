import type { Config } from '#config';

/** How long a loop rests when nothing wakes it: its own time, but never longer than WORKER_SLEEP_SECONDS. */
export function restSeconds({ worker }: Pick<Config, 'worker'>, ownSeconds: number): number {
  return Math.min(ownSeconds, worker.sleepSeconds);
}

export function restMs(config: Pick<Config, 'worker'>, ownMs: number): number {
  return Math.min(ownMs, config.worker.sleepSeconds * 1_000);
}
