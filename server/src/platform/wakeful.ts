import type { Logger } from './log.ts';

/** A loop that works when it is woken, and otherwise at the latest after `pollMs`. */
export interface Wakeful extends AsyncDisposable {
  start(): void;
  /** There may be work: the next look is at once. Many calls lead to one look. */
  wake(): void;
}

/**
 * Runs `look` again and again, never twice at the same time. An error is logged, and the next look follows after
 * `pollMs`. Only disposing it stops the loop.
 */
export function createWakeful(options: {
  name: string;
  pollMs: number;
  look: (signal: AbortSignal) => Promise<void>;
  log: Logger;
}): Wakeful {
  const stop = new AbortController();
  let woken = false;
  let running: Promise<void> | undefined;
  let rouse: (() => void) | undefined;

  async function rest(): Promise<void> {
    if (woken || stop.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    rouse = resolve;
    const timer = setTimeout(resolve, options.pollMs);
    await promise;
    clearTimeout(timer);
    rouse = undefined;
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      woken = false;
      try {
        await options.look(stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        options.log.warn({ err: error, loop: options.name }, 'a look failed; the next one follows');
        // Waking at once would ask a database that is away without a pause.
        woken = false;
      }
      await rest();
    }
  }

  return {
    start() {
      running ??= run();
    },
    wake() {
      woken = true;
      rouse?.();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      rouse?.();
      await running;
    },
  };
}
