import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { createFigures, type Figures } from './figures.ts';

/**
 * What this process counts, served as Prometheus text. A module makes its counters on `registry` when it starts.
 * The state of the installation is read instead: `Module.metrics`.
 */
export interface Metrics {
  readonly registry: Registry;
  /** Requests answered by this process, by route, since they were last taken. */
  readonly requests: Figures;
  /** The same for Prometheus: by class of status, since the process started. */
  readonly answered: Histogram<'status'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const answered = new Histogram({
    name: 'watchkeeper_http_request_duration_seconds',
    help: 'Requests answered by this process, by class of status.',
    labelNames: ['status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return { registry, requests: createFigures(), answered };
}
