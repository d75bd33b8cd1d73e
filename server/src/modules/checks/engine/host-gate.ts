/** Runs side by side in all, and at one target: a slow target fills its own share and nobody else's. */
export const runsMax = 512;
export const runsPerTargetMax = 16;
/** Waiting for one target; what comes after gives its turn back. */
const waitingPerTargetMax = 256;

interface Target {
  running: number;
  /** Of this target in the list of those that wait for room in all. */
  ready: number;
  readonly waiting: (() => void)[];
}

export class HostGate {
  readonly #targets = new Map<string, Target>();
  readonly #ready: { target: Target; start: () => void }[] = [];
  #running = 0;

  get running(): number {
    return this.#running;
  }

  /** Starts `work` now or when there is room, in order per target. false: too many wait for it already. */
  enter(name: string, work: () => Promise<void>): boolean {
    const target = this.#targets.get(name) ?? { running: 0, ready: 0, waiting: [] };
    this.#targets.set(name, target);
    const start = (): void => {
      target.running += 1;
      this.#running += 1;
      void work().finally(() => this.#leave(name, target));
    };
    if (target.running + target.ready + target.waiting.length >= runsPerTargetMax + waitingPerTargetMax)
      return false;
    if (target.running + target.ready >= runsPerTargetMax) target.waiting.push(start);
    else if (this.#running >= runsMax) this.#line(target, start);
    else start();
    return true;
  }

  #leave(name: string, target: Target): void {
    target.running -= 1;
    this.#running -= 1;
    const next = target.waiting.shift();
    if (next !== undefined) this.#line(target, next);
    else if (target.running + target.ready === 0) this.#targets.delete(name);
    this.#startReady();
  }

  #line(target: Target, start: () => void): void {
    target.ready += 1;
    this.#ready.push({ target, start });
  }

  #startReady(): void {
    while (this.#running < runsMax) {
      const entry = this.#ready.shift();
      if (entry === undefined) return;
      entry.target.ready -= 1;
      entry.start();
    }
  }
}
