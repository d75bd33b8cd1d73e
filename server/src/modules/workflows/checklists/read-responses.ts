import type { IncidentResponses } from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import { loadIncidentViews } from '#modules/incidents';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { toRun } from '../runs/read-runs.ts';
import { listRunRows } from '../runs/run-store.ts';
import { listChecklists } from './store.ts';
import { toChecklist } from './tick-item.ts';

const rowsMax = 50;

/** What workflows did for one incident, and the checklists on it. @throws not_found */
export async function readResponses(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  incidentId: string,
): Promise<IncidentResponses> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const [incident] = await loadIncidentViews(tx, [incidentId], nowDate(ctx.clock));
    if (incident === undefined || incident.organization_id !== organizationId) throw notFound('incident');
    const runs = await listRunRows(
      tx,
      organizationId,
      { incident: incidentId },
      { after: undefined, limit: rowsMax },
    );
    const checklists = await listChecklists(tx, organizationId, incidentId, rowsMax);
    return { runs: runs.toReversed().map(toRun), checklists: checklists.map(toChecklist) };
  });
}
