import { collectDefaultMetrics, Registry } from 'prom-client';
import { createFigures, type Figures } from './figures.ts';

/** Own measurements, served as Prometheus text. Modules register their counters on `registry`. */
export interface Metrics {
  readonly registry: Registry;
  /** Requests answered by this process, by route, since they were last taken. */
  readonly requests: Figures;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { registry, requests: createFigures() };
}
