/**
 * Values that change like those of a PC in a shop: memory slowly, CPU quickly, disk steadily, with rare errors. The
 * same in every run.
 */
export interface Walk {
  next(): Record<string, unknown>;
}

/** A small random generator of its own, so that figures of different runs can be compared. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function createWalk(seed: number): Walk {
  const random = randomOf(seed);
  /** Roughly normal distribution, mean 0, deviation 1. */
  const noise = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
  const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  let cpu = 20 + random() * 30;
  let memory = 45 + random() * 30;
  let disk = 40 + random() * 40;
  let temperature = 42 + random() * 8;
  return {
    next() {
      cpu = within(cpu + noise() * 4 + (30 - cpu) * 0.05, 1, 100);
      memory = within(memory + noise() * 0.15, 20, 97);
      disk = within(disk + (random() < 0.02 ? random() * 0.05 : 0), 0, 99);
      temperature = within(temperature + noise() * 0.2 + (cpu - 30) * 0.002, 30, 85);
      const requests = 100 + Math.floor(random() * 300);
      const errors = random() < 0.08 ? Math.floor(random() * 4) : 0;
      return {
        error_rate_5m: round(errors / requests, 4),
        request_latency_p95: round(Math.exp(4.6 + noise() * 0.35), 1),
        sync_lag_sec: round(Math.abs(noise()) * 1.5, 1),
        app_version: '2.14.3',
        memory_usage: round(memory, 1),
        cpu_usage: round(cpu, 1),
        disk_usage: round(disk, 2),
        metrics: {
          queue_depth: Math.floor(-Math.log(1 - random()) * 3),
          temperature_c: round(temperature, 1),
        },
      };
    },
  };
}
