/**
 * Bounds grow by a tenth from 0.1 ms, so a value is known within 5 %; the last bucket holds everything
 * above about 10 min.
 */
const firstMs = 0.1;
const growth = 1.1;
const bucketCount = 164;
const logGrowth = Math.log(growth);
/** Further names count as `other`, so that names cannot fill the memory. */
const namesMax = 200;
const other = 'other';

/** Figures of one name since they were last taken. Times in ms. */
export interface Figure {
  readonly name: string;
  readonly count: number;
  /** Answers of 400 to 499. */
  readonly clientErrors: number;
  /** Answers of 500 and above. */
  readonly serverErrors: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface Figures {
  add(name: string, ms: number, status: number): void;
  /** By name, the most frequent first, and one over all; counting then starts again. */
  take(): { readonly all: Figure; readonly each: readonly Figure[] };
}

interface Tally {
  count: number;
  clientErrors: number;
  serverErrors: number;
  max: number;
  readonly buckets: Uint32Array;
}

/** Rates, errors and latencies in fixed memory. */
export function createFigures(): Figures {
  let tallies = new Map<string, Tally>();

  function tallyOf(name: string): Tally {
    const known = tallies.get(name);
    if (known !== undefined) return known;
    if (tallies.size >= namesMax && name !== other) return tallyOf(other);
    const tally = emptyTally();
    tallies.set(name, tally);
    return tally;
  }

  return {
    add(name, ms, status) {
      const tally = tallyOf(name);
      const index = ms <= firstMs ? 0 : Math.ceil(Math.log(ms / firstMs) / logGrowth);
      const bucket = Math.min(index, bucketCount - 1);
      tally.buckets[bucket] = (tally.buckets[bucket] ?? 0) + 1;
      tally.count += 1;
      if (status >= 500) tally.serverErrors += 1;
      else if (status >= 400) tally.clientErrors += 1;
      if (ms > tally.max) tally.max = ms;
    },
    take() {
      const taken = tallies;
      tallies = new Map();
      const all = emptyTally();
      for (const tally of taken.values()) addTo(all, tally);
      const each = [...taken].map(([name, tally]) => toFigure(name, tally)).sort((a, b) => b.count - a.count);
      return { all: toFigure('all', all), each };
    },
  };
}

function emptyTally(): Tally {
  return { count: 0, clientErrors: 0, serverErrors: 0, max: 0, buckets: new Uint32Array(bucketCount) };
}

function addTo(sum: Tally, tally: Tally): void {
  sum.count += tally.count;
  sum.clientErrors += tally.clientErrors;
  sum.serverErrors += tally.serverErrors;
  sum.max = Math.max(sum.max, tally.max);
  for (const [index, count] of tally.buckets.entries())
    sum.buckets[index] = (sum.buckets[index] ?? 0) + count;
}

function toFigure(name: string, tally: Tally): Figure {
  const { count, clientErrors, serverErrors, max } = tally;
  const at = (share: number) => quantile(tally, share);
  return { name, count, clientErrors, serverErrors, p50: at(0.5), p95: at(0.95), p99: at(0.99), max };
}

/**
 * The value that this share (0..1) of all stays below: the middle of its bucket, at most the highest value
 * seen.
 */
function quantile({ buckets, count, max }: Tally, share: number): number {
  if (count === 0) return 0;
  const wanted = Math.max(1, Math.ceil(count * share));
  let seen = 0;
  for (const [index, each] of buckets.entries()) {
    seen += each;
    if (seen >= wanted) return Math.min(max, firstMs * growth ** (index - 0.5));
  }
  return max;
}
