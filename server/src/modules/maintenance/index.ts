import type { Module } from '#platform/module';
import { maintenancePrivacy } from './privacy.ts';
import { maintenanceClockRules } from './runs/clock-rules.ts';
import { checkCalendars } from './runs/health.ts';
import { takeTurns } from './runs/turn.ts';
import { maintenanceSearch } from './search-store.ts';
import { keepCoverableChecks } from './windows/coverable-checks.ts';

export { pastRuns, reaches, runningWindows, windowScope } from './cover-store.ts';
export { maintenanceWindowRows } from './door-store.ts';
export {
  type MaintenanceHappened,
  maintenanceChanged,
  maintenanceEnded,
  maintenanceReported,
  maintenanceStarted,
} from './events.ts';
export { keepReport, type RunSpan, readRun } from './runs/report.ts';
export { listUnreported } from './runs/store.ts';

/** Windows begin and end at most this late. Muting itself uses the clock and is never late. */
const turnSecondsMax = 10;

/** Planned work: when it is, what it covers, and its reports. It mutes alerts, but data is still collected. */
export const maintenanceModule: Module = {
  name: 'maintenance',
  async start(ctx, house) {
    keepCoverableChecks(ctx, house);
    return undefined;
  },
  http: () => import('./routes.ts'),
  privacy: maintenancePrivacy,
  live: [{ topic: 'maintenance', permission: 'read' }],
  search: [maintenanceSearch],
  manifest: () => import('./windows/manifest-section.ts'),
  clockRules: maintenanceClockRules,
  health: [{ name: 'maintenance', look: checkCalendars }],
  periodic: [
    {
      name: 'maintenance.turn',
      everySeconds: (ctx) => Math.min(turnSecondsMax, ctx.config.alerting.checkIntervalSeconds),
      run: takeTurns,
    },
  ],
};
