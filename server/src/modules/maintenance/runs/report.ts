import { listLimitDefault } from '@watchkeeper/contracts';
import type { MaintenanceFindings } from '@watchkeeper/contracts/maintenance';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { maintenanceReported } from '../events.ts';
import { findWindowId } from '../windows/store.ts';
import { findRun, type RunRow, selectRuns, writeReport } from './store.ts';

/** What a higher floor needs to know about a run. */
export interface RunSpan {
  readonly windowId: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly isReported: boolean;
}

export async function readRun(tx: Tx, runId: string): Promise<RunSpan | undefined> {
  const run = await findRun(tx, runId);
  if (run === undefined) return undefined;
  return {
    windowId: run.window_id,
    startedAt: run.started_at,
    endedAt: run.ended_at,
    isReported: run.reported_at !== null,
  };
}

/** Stores the report of a run, which a higher floor makes. It is announced once, even if it is stored several times. */
export async function keepReport(
  ctx: Pick<Ctx, 'events' | 'live' | 'clock'>,
  tx: Tx,
  runId: string,
  findings: MaintenanceFindings,
): Promise<void> {
  if (!(await writeReport(tx, runId, findings, nowDate(ctx.clock)))) return;
  const run = await findRun(tx, runId);
  if (run === undefined) return;
  const organizationId = run.organization_id;
  await ctx.events.publish(tx, maintenanceReported, { organizationId, windowId: run.window_id, runId });
  await ctx.live.publish(tx, { organizationId, topic: 'maintenance', ids: [run.window_id] });
}

/** The runs of one window, newest first. Each that has ended has its report. @throws not_found */
export async function listReports(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  query: { limit?: number; cursor?: string },
) {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const rows = await ctx.db.tenant(scope.organizationId, async (tx) => {
    const windowId = await findWindowId(tx, scope.organizationId, reference);
    if (windowId === undefined) throw notFound('maintenance window');
    return await selectRuns(tx, windowId, { after: decodeTimeCursor(query.cursor) ?? null, limit });
  });
  return toPage(rows, limit, (row) => [row.started_at.toISOString(), row.id], toReport);
}

function toReport(row: RunRow) {
  return {
    id: row.id,
    started_at: row.started_at.toISOString(),
    planned_end_at: row.planned_end_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    end_cause: row.end_cause,
    ended_by: row.ended_by,
    reported_at: row.reported_at?.toISOString() ?? null,
    findings: row.report,
  };
}
