/** A tile is about this much wider than high; names are lines, not columns. Brief ones are one line. */
const tileShapes = { full: 2.2, brief: 3.6 } as const;

/** A hole is worse than a tile of a slightly odd shape. */
const emptyCost = 2;

/** How many columns fill an area of this shape (width over height) with `count` tiles of the best shape. */
export function wallColumns(
  count: number,
  areaShape: number,
  tile: keyof typeof tileShapes = 'full',
): number {
  let best = 1;
  let bestOff = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= Math.max(count, 1); columns += 1) {
    const rows = Math.ceil(count / columns);
    const empty = columns * rows - count;
    const shape = Math.abs(Math.log((areaShape * rows) / columns / tileShapes[tile]));
    const off = shape + (emptyCost * empty) / count;
    if (off < bestOff) [best, bestOff] = [columns, off];
  }
  return best;
}
