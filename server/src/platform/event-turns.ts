import type { Lane } from './event-store.ts';

/** Lanes that wait for a turn with events to work on, and the order in which the lanes had their last turns. */
export class EventTurns {
  #waiting: readonly Lane[] = [];
  /** By subscription and organization; lanes without a turn yet are not in it. */
  #taken = new Map<string, Map<string, number>>();
  #count = 0;

  /**
   * Takes the lanes that a look found for these subscriptions. Other subscriptions keep their lanes and their order. An
   * empty lane is forgotten, so its next event does not wait for its turn.
   */
  found(subscriptions: ReadonlySet<string>, lanes: readonly Lane[]): void {
    const lately = new Map([...this.#taken].filter(([key]) => !subscriptions.has(key)));
    for (const lane of lanes) {
      const turn = this.#turnOf(lane);
      if (turn > 0) mapOf(lately, subscriptionKey(lane)).set(lane.organizationId, turn);
    }
    const others = this.#waiting.filter((lane) => !subscriptions.has(subscriptionKey(lane)));
    this.#taken = lately;
    this.#waiting = [...others, ...lanes].toSorted((a, b) => this.#turnOf(a) - this.#turnOf(b));
  }

  /** The lane has more events: it waits behind all others. */
  again(lane: Lane): void {
    this.#waiting = [...this.#waiting, lane];
  }

  /** Offers each waiting lane, in order. `begin` returns whether its turn began. */
  offer(begin: (lane: Lane) => boolean): void {
    this.#waiting = this.#waiting.filter((lane) => {
      if (!begin(lane)) return true;
      this.#count += 1;
      mapOf(this.#taken, subscriptionKey(lane)).set(lane.organizationId, this.#count);
      return false;
    });
  }

  #turnOf(lane: Lane): number {
    return this.#taken.get(subscriptionKey(lane))?.get(lane.organizationId) ?? 0;
  }
}

function mapOf(maps: Map<string, Map<string, number>>, key: string): Map<string, number> {
  const map = maps.get(key) ?? new Map<string, number>();
  maps.set(key, map);
  return map;
}

export function subscriptionKey({ event, subscriber }: Pick<Lane, 'event' | 'subscriber'>): string {
  return `${event}.${subscriber}`;
}
