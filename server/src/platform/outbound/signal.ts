/** Stops waiting when the signal fires. The work itself may go on; if it fails later, the error is ignored. */
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

/**
 * The one way to wait for something outside. `work` gets a signal that fires on the caller's signal or after the time.
 * From then on it is no longer awaited, even if its sockets do not close. Work that does not end by then is recorded,
 * see `overdueWork`. @throws what `work` throws; a DOMException named TimeoutError; the caller's reason.
 */
export async function withinDeadline<T>(
  what: string,
  { caller, timeoutMs }: { readonly caller: AbortSignal; readonly timeoutMs: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using deadline = startDeadline(caller, timeoutMs);
  const { signal } = deadline;
  const running = (async () => await work(signal))();
  try {
    return await raceSignal(running, signal);
  } finally {
    if (signal.aborted) noteOverdue(what, running);
  }
}

/** Ending takes a moment, so work that ends this soon after its deadline is not overdue. */
const endingMs = 5_000;
/** Limit of recorded items. With so many, the process cannot recover, and health says so. */
const overdueMax = 10_000;

const overdue = new Set<{ readonly what: string; readonly since: number }>();

function noteOverdue(what: string, running: Promise<unknown>): void {
  if (overdue.size >= overdueMax) return;
  const entry = { what, since: performance.now() };
  overdue.add(entry);
  const end = (): void => void overdue.delete(entry);
  running.then(end, end);
}

/** Work of this process that still runs after its deadline: the number of each kind. */
export function overdueWork(now = performance.now()): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { what, since } of overdue)
    if (now - since > endingMs) counts.set(what, (counts.get(what) ?? 0) + 1);
  return counts;
}
