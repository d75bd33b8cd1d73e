/** Gives up waiting when the signal says so. The work itself may go on; its late failure is nobody's error. */
export async function raceSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Fires on the caller's signal or after the time, whichever is first. Unlike AbortSignal.any over a
 * long-lived caller's signal it leaves neither timer nor listener behind.
 */
export function startDeadline(caller: AbortSignal, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(caller.reason);
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`No complete answer within ${timeoutMs} ms.`, 'TimeoutError'));
  }, timeoutMs);
  caller.addEventListener('abort', onAbort, { once: true });
  if (caller.aborted) onAbort();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      caller.removeEventListener('abort', onAbort);
    },
  };
}
