import type { Ctx } from '#platform/context';
import { subscribe } from '#platform/events';
import type { Module } from '#platform/module';
import { definePart } from '#platform/parts';
import { checksClockRules } from './clock-rules.ts';
import { checkRows } from './door-store.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { ensureEnvironmentChecks } from './environment/environment.ts';
import { checksJudged } from './events.ts';
import { checkMetrics, checkScheduler, checkService, checksPeriodic, keepResultDays } from './jobs.ts';
import { pingsOf, startPings } from './pings/door.ts';
import { checkSearch } from './search-store.ts';
import { deviceSink } from './sources/device-sink.ts';
import { uptimePeriodic } from './uptime/roll-up.ts';
import { followChecks } from './verdict/follow-verdict.ts';

export { checkResultRows, checkRows, checkStateRows, lockCheckStates } from './door-store.ts';
export { checksJudged } from './events.ts';
export { type PingTarget, slugKey } from './pings/directory.ts';
export { createPingCheck, pingsOf } from './pings/door.ts';
export type { PingIntake } from './pings/intake.ts';
export {
  changePingCheck,
  dropPingCheck,
  getPingCheck,
  listFlips,
  listPingChecks,
  type PingCheck,
  type PingCheckChange,
  switchPingCheck,
  upsertPingCheck,
} from './pings/managed.ts';
export type { FlipRow } from './pings/managed-store.ts';
export {
  type Ping,
  type PingKind,
  type PingSource,
  pingBodyBytesMax,
  userAgentLengthMax,
} from './pings/ping.ts';
export { type KeptPing, listKeptPings, readPingBody } from './pings/read-pings.ts';
export type { PingConfig } from './pings/schedule.ts';
export { runNow } from './probe/run-check.ts';
export { findCheckByName, readCheckHistory } from './uptime/read-history.ts';
export { readCheckUptime } from './uptime/read-uptime.ts';
export { readStandings } from './verdict/read-verdicts.ts';
export { type DeviceCheck, selectWords as readDeviceChecks } from './verdict/store.ts';

const enginePart = definePart<Engine>('checks.engine');

/**
 * Runs all checks that are due now, once, and judges ping checks: for cron, and for tests with a clock of their own.
 * Returns how many checks ran.
 */
export async function runDueChecks(ctx: Ctx): Promise<number> {
  const made = await ctx.parts.get(enginePart).pass();
  await pingsOf(ctx).applier.pass();
  return made;
}

/** Runs checks, waits for check-ins, reads third parties, and tells what each of them says about a device. */
export const checksModule: Module = {
  name: 'checks',
  async start(ctx) {
    // Recording must not depend on the periodic work.
    await keepResultDays(ctx);
    if (!ctx.process.onePass) await ensureEnvironmentChecks(ctx);
    const engine = ctx.parts.put(enginePart, createEngine(ctx));
    const pings = startPings(ctx);
    return {
      async [Symbol.asyncDispose]() {
        await engine[Symbol.asyncDispose]();
        await pings[Symbol.asyncDispose]();
      },
    };
  },
  work(ctx) {
    ctx.parts.get(enginePart).start();
    pingsOf(ctx).applier.start();
  },
  async workOnce(ctx) {
    await runDueChecks(ctx);
  },
  http: () => import('./http.ts'),
  live: [
    { topic: 'check', permission: 'read' },
    { topic: 'source', permission: 'read' },
    { topic: 'ping_address', permission: 'read' },
  ],
  search: checkSearch,
  manifest: () => import('./manifest/sections.ts'),
  subscriptions: [subscribe(checksJudged, 'checks.verdict', followChecks)],
  sourceSinks: [deviceSink],
  health: [{ name: 'checks:scheduler', look: checkScheduler }],
  metrics: [checkMetrics],
  services: [checkService],
  coverableChecks: checkRows,
  clockRules: checksClockRules,
  periodic: [...checksPeriodic, ...uptimePeriodic],
};
