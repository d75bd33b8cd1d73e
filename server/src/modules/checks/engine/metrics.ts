import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '#platform/metrics';

export interface CheckMetrics {
  readonly lateness: Histogram;
  readonly results: Counter<'kind' | 'outcome'>;
  readonly skipped: Counter;
  readonly overdue: Counter<'kind'>;
}

export function createCheckMetrics(metrics: Metrics, running: () => number): CheckMetrics {
  const registers = [metrics.registry];
  new Gauge({
    name: 'watchkeeper_checks_running',
    help: 'Checks that run in this process.',
    registers,
    collect() {
      this.set(running());
    },
  });
  return {
    lateness: new Histogram({
      name: 'watchkeeper_check_lateness_seconds',
      help: 'How long after its due time a check started.',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    results: new Counter({
      name: 'watchkeeper_check_results_total',
      help: 'Results of checks by kind and outcome.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    skipped: new Counter({
      name: 'watchkeeper_check_turns_skipped_total',
      help: 'Turns given back because too many checks of the same target were waiting.',
      registers,
    }),
    overdue: new Counter({
      name: 'watchkeeper_check_runs_overdue_total',
      help: 'Runs that did not end by their deadline and were given up.',
      labelNames: ['kind'],
      registers,
    }),
  };
}
