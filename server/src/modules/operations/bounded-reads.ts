import type { Logger } from '#platform/log';
import { withinDeadline } from '#platform/outbound/signal';

/** Named readings, each with a deadline. A reading that fails or hangs does not affect the others. */
export interface BoundedReads<T> {
  /**
   * Calls at the same time share one reading. While a reading hangs, no other of its name begins: the next caller gets
   * undefined at once, so that no work piles up.
   * @returns undefined when it failed or was late; the log says why.
   */
  read(name: string, timeoutMs: number, work: () => Promise<T>): Promise<T | undefined>;
}

export function createBoundedReads<T>(log: Logger): BoundedReads<T> {
  const running = new Map<string, Promise<T | undefined>>();

  return {
    read(name, timeoutMs, work) {
      const earlier = running.get(name);
      if (earlier !== undefined) return earlier;
      const end = () => void running.delete(name);
      const own = (async () => await work())();
      const reading = withinDeadline(
        `metrics of ${name}`,
        { caller: new AbortController().signal, timeoutMs },
        () => own,
      ).catch((error: unknown) => {
        log.warn({ err: error, reading: name }, 'a part of /metrics could not be read');
        return undefined;
      });
      running.set(name, reading);
      own.then(end, end);
      return reading;
    },
  };
}
