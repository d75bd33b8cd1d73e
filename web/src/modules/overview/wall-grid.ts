/** A tile is about this much wider than high; names are lines, not columns. */
const tileShape = 2.2;

/** How many columns fill an area of this shape (width over height) with `count` tiles of the best shape. */
export function wallColumns(count: number, areaShape: number): number {
  let best = 1;
  let bestOff = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= Math.max(count, 1); columns += 1) {
    const rows = Math.ceil(count / columns);
    const off = Math.abs(Math.log(areaShape / columns / (1 / rows) / tileShape));
    if (off < bestOff) [best, bestOff] = [columns, off];
  }
  return best;
}
