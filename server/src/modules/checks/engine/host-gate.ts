import { FairShare } from '#platform/fair-share';

/** Runs at the same time in this process. One organization gets at most half of them, see FairShare. */
export const runsMax = 512;
/** Runs at the same time per organization and target. A slow target uses up its own share only. */
export const runsPerTargetMax = 16;
/** Runs that may wait for one target. Beyond this, a check gives its turn back. */
const waitingPerTargetMax = 256;

/** One run that wants a place. */
export interface Turn {
  /** The organization. Places are shared fairly between organizations. */
  readonly owner: string;
  readonly target: string;
  /** A place that is held for longer is taken back. */
  readonly limitMs: number;
  readonly run: () => Promise<void>;
  /** Called when the place was taken back. A result that still comes is ignored. */
  readonly overdue: () => void;
}

interface Target {
  running: number;
  /** Runs of this target that wait only for a free place in the process. */
  ready: number;
  readonly waiting: Turn[];
}

interface Place {
  readonly turn: Turn;
  readonly target: Target;
  readonly until: number;
}

export class HostGate {
  readonly #targets = new Map<string, Target>();
  /** By organization. The order of the keys is the order of their turns. */
  readonly #ready = new Map<string, { turn: Turn; target: Target }[]>();
  readonly #places = new Set<Place>();
  readonly #share = new FairShare(runsMax);

  get running(): number {
    return this.#places.size;
  }

  /**
   * Runs it now, or when there is room, first come first served per target. Returns false when too many wait for this
   * target.
   */
  enter(turn: Turn): boolean {
    const key = keyOf(turn);
    const target = this.#targets.get(key) ?? { running: 0, ready: 0, waiting: [] };
    if (target.running + target.ready + target.waiting.length >= runsPerTargetMax + waitingPerTargetMax)
      return false;
    this.#targets.set(key, target);
    if (target.running + target.ready >= runsPerTargetMax) target.waiting.push(turn);
    else this.#line(turn, target);
    this.#startReady();
    return true;
  }

  /** Takes back places that were held for too long. @returns how many. */
  freeOverdue(now = performance.now()): number {
    const overdue = [...this.#places].filter(({ until }) => until < now);
    for (const place of overdue) {
      this.#leave(place);
      place.turn.overdue();
    }
    return overdue.length;
  }

  #start(turn: Turn, target: Target): void {
    this.#share.add(turn.owner);
    target.running += 1;
    const place = { turn, target, until: performance.now() + turn.limitMs };
    this.#places.add(place);
    void turn.run().finally(() => this.#leave(place));
  }

  #leave(place: Place): void {
    if (!this.#places.delete(place)) return;
    const { turn, target } = place;
    this.#share.giveBack(turn.owner);
    target.running -= 1;
    const next = target.waiting.shift();
    if (next !== undefined) this.#line(next, target);
    else if (target.running + target.ready === 0) this.#targets.delete(keyOf(turn));
    this.#startReady();
  }

  #line(turn: Turn, target: Target): void {
    target.ready += 1;
    const line = this.#ready.get(turn.owner) ?? [];
    line.push({ turn, target });
    this.#ready.set(turn.owner, line);
  }

  /** Starts one run of each organization in turn, until no more may start. */
  #startReady(): void {
    for (let started = true; started; ) {
      started = false;
      for (const [owner, line] of [...this.#ready]) {
        if (!this.#share.hasRoom(owner)) continue;
        const entry = line.shift();
        this.#ready.delete(owner);
        if (line.length > 0) this.#ready.set(owner, line);
        if (entry === undefined) continue;
        entry.target.ready -= 1;
        this.#start(entry.turn, entry.target);
        started = true;
      }
    }
  }
}

function keyOf({ owner, target }: Turn): string {
  return `${owner} ${target}`;
}
