import { maintenanceReportItemsMax } from '@watchkeeper/contracts/maintenance';
import { keepReport, listUnreported, type MaintenanceHappened, readRun } from '#modules/maintenance';
import { lockDeviceStates, setDeviceStatus } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { dependencyReason } from '../detection/born-suppressed.ts';
import { findParentsDown, readStandings } from '../detection/standing.ts';
import { changeSuppression } from '../transition.ts';
import {
  findMaintenanceDrift,
  findStatusDrift,
  type MaintenanceDrift,
  maintenanceReason,
  markShown,
  readFindings,
  unmarkShown,
} from './maintenance-store.ts';

const chunkMax = 500;
const chunksMax = 200;

/**
 * Makes alerts and device states agree with the current maintenance windows. It compares the present state with the
 * right one, so it may run at any time, in any process, any number of times. It runs on a window's events and on every
 * tick.
 */
export async function followMaintenance(ctx: Ctx, now: Date, signal?: AbortSignal): Promise<void> {
  for (let chunk = 0; chunk < chunksMax && signal?.aborted !== true; chunk += 1) {
    // All organizations at once, as every part of detection.
    const found = await ctx.db.system(async (tx) => {
      const drift = await findMaintenanceDrift(tx, now, chunkMax);
      await mute(ctx, tx, drift);
      return drift.length;
    });
    if (found < chunkMax) break;
  }
  for (let chunk = 0; chunk < chunksMax && signal?.aborted !== true; chunk += 1) {
    const found = await ctx.db.system((tx) => showStatuses(ctx, tx, now));
    if (found < chunkMax) break;
  }
}

/**
 * When a window releases an alert whose parent is down, the alert is a consequence of that parent and stays suppressed.
 */
async function mute(ctx: Ctx, tx: Tx, drift: readonly MaintenanceDrift[]): Promise<void> {
  if (drift.length === 0) return;
  const released = drift.flatMap(({ device_id: id, reason }) => (reason === null && id !== null ? [id] : []));
  const parents = await findParentsDown(ctx, tx, released);
  await changeSuppression(
    ctx,
    tx,
    drift.map(({ alert_id: alertId, device_id: deviceId, reason }) => {
      if (reason !== null) return { alertId, by: 'maintenance', reason: maintenanceReason(reason) };
      const parent = deviceId === null ? undefined : parents.get(deviceId);
      return parent === undefined
        ? { alertId, by: null, reason: 'The maintenance is over and it has not come back.' }
        : { alertId, by: 'dependency', reason: dependencyReason(parent) };
    }),
  );
}

async function showStatuses(ctx: Ctx, tx: Tx, now: Date): Promise<number> {
  const drift = await findStatusDrift(tx, now, chunkMax);
  if (drift.length === 0) return 0;
  await lockDeviceStates(
    tx,
    drift.map((device) => device.device_id),
  );
  const covered = drift.filter((device) => device.covered).map((device) => device.device_id);
  const released = drift.filter((device) => !device.covered).map((device) => device.device_id);
  if (covered.length > 0) {
    await markShown(tx, covered, now);
    await setDeviceStatus(ctx, tx, covered, 'maintenance', now);
  }
  if (released.length > 0) {
    const standings = await readStandings(ctx, tx, released);
    for (const [status, some] of Map.groupBy(standings, ([, standing]) => standing))
      await setDeviceStatus(
        ctx,
        tx,
        some.map(([id]) => id),
        status,
        now,
      );
    await unmarkShown(tx, released);
  }
  return drift.length;
}

export async function onMaintenance(ctx: Ctx): Promise<void> {
  await followMaintenance(ctx, new Date(ctx.clock.now()));
}

/** Releases the alerts that the window muted, then reports the problems that are left. */
export async function onMaintenanceEnded(ctx: Ctx, { runId }: MaintenanceHappened): Promise<void> {
  await onMaintenance(ctx);
  await report(ctx, runId);
}

/** Runs without a report (their job was lost) per round. The next round handles the rest. */
const reportsMax = 100;

/**
 * Reports runs that are over and have no report. The row itself shows that the report is missing, even if its job was
 * lost.
 */
export async function reportEnded(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const runIds = await ctx.db.system((tx) => listUnreported(tx, reportsMax));
  const failures: unknown[] = [];
  for (const runId of runIds) {
    if (signal.aborted) break;
    await report(ctx, runId).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} reports of maintenance cannot be written.`);
}

async function report(ctx: Ctx, runId: string): Promise<void> {
  await ctx.db.system(async (tx) => {
    const run = await readRun(tx, runId);
    if (run === undefined || run.endedAt === null || run.isReported) return;
    const { windowId, startedAt, endedAt } = run;
    const findings = await readFindings(tx, { windowId, startedAt, endedAt }, maintenanceReportItemsMax);
    await keepReport(ctx, tx, runId, findings);
  });
}
