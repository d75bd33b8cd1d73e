import { Counter } from 'prom-client';
import type { Ctx } from '#platform/context';

const counters = new WeakMap<object, Counter<'kind' | 'outcome'>>();

/** Attempts by channel kind and outcome, on this process's registry. */
export function countOutcome(ctx: Pick<Ctx, 'metrics'>, kind: string, outcome: string): void {
  const { registry } = ctx.metrics;
  let counter = counters.get(registry);
  if (counter === undefined) {
    counter = new Counter({
      name: 'watchkeeper_notification_attempts_total',
      help: 'Attempts to deliver a notification, by channel kind and outcome.',
      labelNames: ['kind', 'outcome'],
      registers: [registry],
    });
    counters.set(registry, counter);
  }
  counter.inc({ kind, outcome });
}
