import type { Dashboard } from '@watchkeeper/contracts/operations';
import { listAlerts, toAlert } from '#modules/alerting';
import { requirePermission } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { readMonitoringConfig } from './config.ts';
import { readStatus } from './health.ts';
import { readInfrastructure, readPerformance } from './metrics.ts';
import type { OperationsScope } from './scope.ts';
import { countRules } from './store.ts';

const alertsMax = 20;

/**
 * Everything that the dashboard shows. Read one part after the other, so that a page view does not take many
 * connections of the pool.
 */
export async function readDashboard(ctx: Ctx, caller: OperationsScope, hours = 1): Promise<Dashboard> {
  const { scope, installation } = caller;
  requirePermission(scope, 'read');
  const alerts = await listAlerts(ctx, scope, { status: 'active', order: 'weight', limit: alertsMax });
  return {
    status: await readStatus(ctx, caller),
    infrastructure: await readInfrastructure(ctx, caller, hours),
    performance: await readPerformance(ctx, caller, hours),
    alerts: alerts.slice(0, alertsMax).map(toAlert),
    rules: await ctx.db.tenant(scope.organizationId, (tx) => countRules(tx, scope.organizationId)),
    config: installation ? (await readMonitoringConfig(ctx, caller)).config : null,
  };
}
