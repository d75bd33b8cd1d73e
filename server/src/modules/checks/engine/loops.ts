/** Wait after a turn that failed, before the next one. */
const retryAfterFaultMs = 1_000;

/** The loops and timers of the engine: work that repeats, and work that waits for its time. */
export class Loops {
  readonly #stop: AbortSignal;
  readonly #onFault: (name: string, error: unknown) => void;
  readonly #waiting = new Set<NodeJS.Timeout>();
  /** The timer of each loop's next turn, by the loop's name. */
  readonly #next = new Map<string, NodeJS.Timeout>();
  readonly #turns = new Set<Promise<unknown>>();

  constructor(stop: AbortSignal, onFault: (name: string, error: unknown) => void) {
    this.#stop = stop;
    this.#onFault = onFault;
  }

  /** Runs a turn now, and again `everyMs` after each one has ended, until the loops are stopped. */
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

  /** Cancels all timers. A turn that is running goes on. */
  clear(): void {
    for (const timer of [...this.#waiting, ...this.#next.values()]) clearTimeout(timer);
  }

  /** Resolves when all running turns have ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#turns);
  }
}
