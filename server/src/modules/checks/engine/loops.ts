/** After a turn that failed, the next one waits this long. */
const retryAfterFaultMs = 1_000;

/** All that goes on by itself: turns that come again and again, and what waits for its time. */
export class Loops {
  readonly #stop: AbortSignal;
  readonly #onFault: (name: string, error: unknown) => void;
  readonly #waiting = new Set<NodeJS.Timeout>();
  /** The next turn of each loop, by its name. */
  readonly #next = new Map<string, NodeJS.Timeout>();
  readonly #turns = new Set<Promise<unknown>>();

  constructor(stop: AbortSignal, onFault: (name: string, error: unknown) => void) {
    this.#stop = stop;
    this.#onFault = onFault;
  }

  /** A turn now, and the next one this long after each has ended, until it is stopped. */
  every(name: string, everyMs: number, turn: () => Promise<unknown>): void {
    if (this.#stop.aborted) return;
    const running: Promise<void> = turn()
      .then(
        () => everyMs,
        (error: unknown) => {
          this.#onFault(name, error);
          return retryAfterFaultMs;
        },
      )
      .then((next) => {
        this.#turns.delete(running);
        if (this.#stop.aborted) return;
        const timer = setTimeout(() => this.every(name, everyMs, turn), next);
        this.#next.set(name, timer);
      });
    this.#turns.add(running);
  }

  after(ms: number, act: () => void): void {
    const timer = setTimeout(
      () => {
        this.#waiting.delete(timer);
        act();
      },
      Math.max(0, ms),
    );
    this.#waiting.add(timer);
  }

  /** Forgets what waits for its time. A turn under way goes on. */
  clear(): void {
    for (const timer of [...this.#waiting, ...this.#next.values()]) clearTimeout(timer);
  }

  /** Turns under way have ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#turns);
  }
}
