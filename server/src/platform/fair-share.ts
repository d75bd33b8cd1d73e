/**
 * Places that many take from: each may hold fewer than are left over. So with n at it each gets an (n + 1)th, one
 * share is always free for whoever comes next, and nobody who hangs keeps the others waiting.
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

  /** false: no room. Whoever takes gives back. */
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

  /** Who has no room for one more. */
  full(): string[] {
    return [...this.#held.keys()].filter((who) => !this.hasRoom(who));
  }
}
