import { Counter } from 'prom-client';
import type { Ctx } from '#platform/context';
import { definePart } from '#platform/parts';

const counterPart = definePart<Counter<'kind' | 'outcome'>>('notifications.outcomes');

/** Attempts by channel kind and outcome, on this process's registry. */
export function countOutcome(ctx: Pick<Ctx, 'metrics' | 'parts'>, kind: string, outcome: string): void {
  const make = () =>
    new Counter({
      name: 'watchkeeper_notification_attempts_total',
      help: 'Attempts to deliver a notification, by channel kind and outcome.',
      labelNames: ['kind', 'outcome'],
      registers: [ctx.metrics.registry],
    });
  ctx.parts.ensure(counterPart, make).inc({ kind, outcome });
}
