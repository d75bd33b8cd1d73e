import type { Logger } from './log.ts';

/** A loop that works when it is woken, and looks by itself at the latest after `pollMs`. */
export interface Wakeful extends AsyncDisposable {
  start(): void;
  /** There may be something to do: the next look is at once, and once for many calls. */
  wake(): void;
}

/**
 * Runs `look` again and again, never twice at once. One that throws is logged and followed by the next
 * look after `pollMs`: nothing but its end stops the loop.
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
        // Waking it at once would ask a database that is away without pause.
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
