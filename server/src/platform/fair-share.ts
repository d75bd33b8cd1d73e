/**
 * Places shared by many owners. Each may hold fewer than are free, so with n held it gets an (n + 1)th only
 * while more than n are free. There is always a free share for the next owner, and an owner that hangs does
 * not block the others.
 */
export class FairShare {
  readonly #max: number;
  readonly #held = new Map<string, number>();
  #total = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get total(): number {
    return this.#total;
  }

  /** Whether `who` may take one more. */
  hasRoom(who: string): boolean {
    return (this.#held.get(who) ?? 0) < this.#max - this.#total;
  }

  /** false: no room. Every taker must give its place back. */
  take(who: string): boolean {
    if (!this.hasRoom(who)) return false;
    this.add(who);
    return true;
  }

  /** Counts one more, room or not. */
  add(who: string): void {
    this.#held.set(who, (this.#held.get(who) ?? 0) + 1);
    this.#total += 1;
  }

  giveBack(who: string): void {
    const left = (this.#held.get(who) ?? 0) - 1;
    if (left > 0) this.#held.set(who, left);
    else this.#held.delete(who);
    this.#total -= 1;
  }

  /** An owner without room for one more. */
  full(): string[] {
    return [...this.#held.keys()].filter((who) => !this.hasRoom(who));
  }
}
