/**
 * Bucket bounds grow by a tenth from 0.1 ms, so a value is exact to 5 %. The last bucket holds everything above about
 * 10 min.
 */
const firstMs = 0.1;
const growth = 1.1;
const bucketCount = 164;
const logGrowth = Math.log(growth);

/** Latencies of one minute in fixed memory. */
export interface Latency {
  add(ms: number): void;
  /** The latency that the share `q` (0 to 1) of all requests does not exceed, in ms. */
  quantile(q: number): number;
  readonly max: number;
}

export function createLatency(): Latency {
  const buckets = new Uint32Array(bucketCount);
  let count = 0;
  let max = 0;

  return {
    add(ms) {
      const index = ms <= firstMs ? 0 : Math.ceil(Math.log(ms / firstMs) / logGrowth);
      buckets[Math.min(index, bucketCount - 1)] = (buckets[Math.min(index, bucketCount - 1)] ?? 0) + 1;
      count += 1;
      if (ms > max) max = ms;
    },
    quantile(q) {
      const wanted = Math.max(1, Math.ceil(count * q));
      let seen = 0;
      for (const [index, each] of buckets.entries()) {
        seen += each;
        // The middle of the bucket, but never above the highest value seen.
        if (seen >= wanted) return Math.min(max, firstMs * growth ** (index - 0.5));
      }
      return max;
    },
    get max() {
      return max;
    },
  };
}
