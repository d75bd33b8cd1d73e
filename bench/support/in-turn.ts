import type { Observed } from './server-bench.ts';

export interface InTurn {
  readonly empty: readonly Observed[];
  readonly durable: readonly Observed[];
  /**
   * The speed of each durable round as a share of the empty rounds before and after it, because the machine's speed
   * varies.
   */
  readonly shares: readonly number[];
}

/** Measures a route that does nothing and a durable one, in turn. */
export async function inTurn(
  rounds: number,
  observeEmpty: () => Promise<Observed>,
  observeDurable: () => Promise<Observed>,
): Promise<InTurn> {
  let before = await observeEmpty();
  const empty = [before];
  const durable: Observed[] = [];
  const shares: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const one = await observeDurable();
    const after = await observeEmpty();
    shares.push((2 * one.rate) / (before.rate + after.rate));
    durable.push(one);
    empty.push(after);
    before = after;
  }
  return { empty, durable, shares };
}
