import { collectDefaultMetrics, Registry } from 'prom-client';

/** Own measurements, served as Prometheus text. Modules register their counters on `registry`. */
export interface Metrics {
  readonly registry: Registry;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { registry };
}
