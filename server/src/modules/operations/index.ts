import type { Module } from '#platform/module';
import { operationsClockRules } from './clock-rules.ts';
import { collectInstallation, startCollecting } from './collect/collect.ts';
import { purgeHealth, watchServices } from './health.ts';
import { jobMetrics } from './job-metrics.ts';
import { keepServices, operationsServices } from './services.ts';

export { collectInstallation, collectProcess } from './collect/collect.ts';

const purgeSeconds = 3_600;

/** Watchkeeper monitors itself: its hosts, database, queues and services, and the settings for this. */
export const operationsModule: Module = {
  name: 'operations',
  async start(ctx, house) {
    keepServices(ctx, house);
    return startCollecting(ctx);
  },
  http: () => import('./http.ts'),
  live: [{ topic: 'settings', permission: 'read' }],
  clockRules: operationsClockRules,
  metrics: [jobMetrics],
  services: operationsServices,
  periodic: [
    {
      name: 'operations.measure',
      everySeconds: (ctx) => ctx.config.metrics.collectionIntervalSeconds,
      run: collectInstallation,
    },
    {
      name: 'operations.health',
      everySeconds: (ctx) => ctx.config.healthCheckIntervalSeconds,
      run: watchServices,
    },
    { name: 'operations.purge', everySeconds: () => purgeSeconds, ends: true, run: purgeHealth },
  ],
};
