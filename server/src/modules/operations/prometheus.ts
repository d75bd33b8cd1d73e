import { Gauge, Registry } from 'prom-client';
import { checkScheduler } from '#modules/checks';
import { requirePermission } from '#modules/identity';
import { checkDelivery } from '#modules/notifications';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { readOutboxes } from '#platform/outboxes';
import { readWatch } from '#platform/watch';
import type { OperationsScope } from './scope.ts';
import { lookAtServices } from './services.ts';
import { countAllAlerts, readPeriodicWork, readQueue } from './store.ts';

const statusValues = { pass: 0, warn: 1, fail: 2 } as const;

/**
 * What this process counts, and what the installation looks like now, as Prometheus reads it. Without a database the
 * process's own counters are told all the same.
 */
export async function readPrometheus(
  ctx: Ctx,
  { scope, installation }: OperationsScope,
): Promise<{ contentType: string; text: string }> {
  requirePermission(scope, 'read');
  if (!installation)
    throw new AppError(
      'forbidden',
      'These figures are of the installation. They need a credential that may read its first organization (BOOTSTRAP_ORG).',
    );
  const now = new Registry();
  if (ctx.process.role !== 'worker')
    tell(now, 'watch_beat_age_seconds', 'Since this process last recorded that it watches.', [
      [{}, (performance.now() - ctx.process.lastBeat) / 1_000],
    ]);
  const services = await lookAtServices(ctx);
  tell(
    now,
    'service_status',
    'Own services: 0 pass, 1 warn, 2 fail.',
    services.map(({ service, status }) => [{ service }, statusValues[status]]),
  );
  if (services.some((one) => one.service === 'database' && one.value !== null)) await tellState(ctx, now);
  const { registry } = ctx.metrics;
  const text = await Registry.merge([registry, now]).metrics();
  return { contentType: registry.contentType, text };
}

/** Of the database, so that any process tells it of all of them. */
async function tellState(ctx: Ctx, registry: Registry): Promise<void> {
  const at = new Date(ctx.clock.now());
  // Across tenants: these are counts of the installation.
  const { queue, work, alerts, watch, outboxes } = await ctx.db.system(async (tx) => ({
    queue: await readQueue(tx, at),
    work: await readPeriodicWork(tx, at),
    alerts: await countAllAlerts(tx),
    watch: await readWatch(tx, at),
    outboxes: await readOutboxes(ctx, tx),
  }));
  const failed = (queue.failed ?? []).reduce((sum, one) => sum + one.count, 0);
  const alone = (name: string, help: string, value: number) => tell(registry, name, help, [[{}, value]]);
  alone('intake_up', 'Whether any process receives heartbeats.', watch.intakeUp ? 1 : 0);
  tell(registry, 'jobs', 'Background jobs by state; failed: for good.', [
    [{ state: 'waiting' }, queue.waiting],
    [{ state: 'active' }, queue.active],
    [{ state: 'failed' }, failed],
  ]);
  alone('jobs_oldest_seconds', 'How long the oldest waiting job has waited.', queue.oldest_seconds);
  tell(
    registry,
    'outbox_rows',
    'Rows that wait for work (waiting), and rows that were given up (failed).',
    outboxes.flatMap(({ name, waiting, dead }) => [
      [{ outbox: name, state: 'waiting' }, waiting] as const,
      [{ outbox: name, state: 'failed' }, dead] as const,
    ]),
  );
  tell(
    registry,
    'outbox_oldest_seconds',
    'How long the oldest waiting row has waited.',
    outboxes.map(({ name, oldestSeconds }) => [{ outbox: name }, oldestSeconds]),
  );
  tell(
    registry,
    'periodic_late_seconds',
    'How late a periodic task is.',
    work.map(({ name, late_seconds: late }) => [{ work: name }, late]),
  );
  tell(
    registry,
    'alerts',
    'Alerts that are not resolved.',
    alerts.map(({ severity, attention, count }) => [{ severity, attention }, count]),
  );
  const { observed_value: late } = await checkScheduler(ctx);
  alone('check_oldest_due_seconds', 'How late the most overdue check is.', late);
  const { observed_value: untold } = await checkDelivery(ctx);
  alone('notifications_waiting', 'Changes of alerts not planned yet, and messages that are late.', untold);
}

type Labels = Readonly<Record<string, string>>;

/** One gauge on a registry that lives for one answer, so that two readers at once do not mix. */
function tell(
  registry: Registry,
  name: string,
  help: string,
  values: readonly (readonly [Labels, number])[],
): void {
  const labelNames = Object.keys(values[0]?.[0] ?? {});
  const gauge = new Gauge({ name: `watchkeeper_${name}`, help, labelNames, registers: [registry] });
  for (const [labels, value] of values) gauge.set(labels, value);
}
