import { Gauge, Registry } from 'prom-client';
import { requirePermission } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { only, readMsMax, type Sample } from '#platform/metric-readings';
import type { House } from '#platform/module';
import { createBoundedReads } from './bounded-reads.ts';
import { createStateReader, type ToldGauge } from './read-state.ts';
import type { OperationsScope } from './scope.ts';
import { type Found, lookAtServices } from './services.ts';

const statusValues = { pass: 0, warn: 1, fail: 2 } as const;
/** The reading of Watchkeeper's own services has this name. */
const servicesName = 'services';

export type ReadPrometheus = (scope: OperationsScope) => Promise<{ contentType: string; text: string }>;

/**
 * The counters of this process and the present state of the installation, in the form that Prometheus reads. Without a
 * database the counters of the process are still shown. If the figures of a module cannot be read, that is shown as a
 * failure, beside the figures of the others.
 */
export function createPrometheus(ctx: Ctx, house: House): ReadPrometheus {
  const readState = createStateReader(ctx, house);
  const services = createBoundedReads<readonly Found[]>(ctx.log);

  return async ({ scope, installation }) => {
    requirePermission(scope, 'read');
    if (!installation)
      throw new AppError(
        'forbidden',
        'These figures are of the installation. They need a credential that may read its first organization (BOOTSTRAP_ORG).',
      );
    const now = new Registry();
    if (ctx.process.role !== 'worker') tell(now, beatAge(ctx));
    const found = await services.read(servicesName, readMsMax, () => lookAtServices(ctx));
    tell(now, statusOf(found ?? []));
    const failed = new Map([[servicesName, found === undefined]]);
    if (found?.some((one) => one.service === 'database' && one.value !== null) !== false) {
      const state = await readState();
      for (const gauge of state.gauges) tell(now, gauge);
      for (const [name, hasFailed] of state.failed) failed.set(name, hasFailed);
    }
    tell(now, readFailures(failed));
    const { registry } = ctx.metrics;
    const text = await Registry.merge([registry, now]).metrics();
    return { contentType: registry.contentType, text };
  };
}

function beatAge(ctx: Ctx): ToldGauge {
  return {
    name: 'watch_beat_age_seconds',
    help: 'Since this process last recorded that it watches.',
    samples: only((performance.now() - ctx.process.lastBeat) / 1_000),
  };
}

function statusOf(found: readonly Found[]): ToldGauge {
  return {
    name: 'service_status',
    help: 'Own services: 0 pass, 1 warn, 2 fail.',
    labels: ['service'],
    samples: found.map(({ service, status }): Sample => [{ service }, statusValues[status]]),
  };
}

function readFailures(failed: ReadonlyMap<string, boolean>): ToldGauge {
  return {
    name: 'metric_read_failed',
    help: 'Figures that could not be read for this page (1), or not in time; the log says why.',
    labels: ['reading'],
    samples: [...failed].map(([reading, hasFailed]): Sample => [{ reading }, hasFailed ? 1 : 0]),
  };
}

/** Writes one gauge to a registry that exists for one answer only, so that two simultaneous readings do not mix. */
function tell(registry: Registry, { name, help, labels = [], samples }: ToldGauge): void {
  const gauge = new Gauge({
    name: `watchkeeper_${name}`,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  for (const [values, value] of samples) gauge.set({ ...values }, value);
}
