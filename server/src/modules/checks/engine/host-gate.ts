import { FairShare } from '#platform/fair-share';

/** Runs side by side in all; of one organization at most half of them, see FairShare. */
export const runsMax = 512;
/** Of one organization at one target: a slow target fills its own share and nobody else's. */
export const runsPerTargetMax = 16;
/** Waiting for one target; what comes after gives its turn back. */
const waitingPerTargetMax = 256;

/** One run that wants a place. */
export interface Turn {
  /** The organization: places are shared between them. */
  readonly owner: string;
  readonly target: string;
  /** A place held for longer is taken back. */
  readonly limitMs: number;
  readonly run: () => Promise<void>;
  /** Its place was taken back; what it still brings counts no more. */
  readonly overdue: () => void;
}

interface Target {
  running: number;
  /** Of this target among those that wait for room in all. */
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
  /** By organization, in the order in which they are next. */
  readonly #ready = new Map<string, { turn: Turn; target: Target }[]>();
  readonly #places = new Set<Place>();
  readonly #share = new FairShare(runsMax);

  get running(): number {
    return this.#places.size;
  }

  /** Runs it now or when there is room, in order per target. false: too many wait for it already. */
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

  /** Takes back the places that are held beyond their limit. @returns how many. */
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

  /** One of each organization after the other. */
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
