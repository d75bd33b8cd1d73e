import type { Clock } from '#platform/clock';

/**
 * A bounded memory of answers that may be a few seconds old. An answer is not stored when its key was
 * invalidated during the read, so an older answer never replaces an invalidation.
 */
export class ExpiringCache<V> {
  readonly #entries = new Map<string, { value: V; until: number }>();
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #ttlMs: number;
  readonly #entriesMax: number;
  #generation = 0;

  constructor(options: { clock: Pick<Clock, 'monotonic'>; ttlMs: number; entriesMax: number }) {
    this.#clock = options.clock;
    this.#ttlMs = options.ttlMs;
    this.#entriesMax = options.entriesMax;
  }

  /** Reads through. `undefined` is not stored, because invented keys would fill the memory. */
  async get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > this.#clock.monotonic()) return known.value;
    const generation = this.#generation;
    const value = await load();
    this.#entries.delete(key);
    if (value !== undefined && generation === this.#generation) this.#keep(key, value);
    return value;
  }

  forget(matches: (value: V) => boolean): void {
    this.#generation += 1;
    for (const [key, entry] of this.#entries) if (matches(entry.value)) this.#entries.delete(key);
  }

  #keep(key: string, value: V): void {
    const oldest = this.#entries.size >= this.#entriesMax ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, { value, until: this.#clock.monotonic() + this.#ttlMs });
  }
}
