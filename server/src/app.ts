import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { Config, ProcessRole } from '#config';
import { alertingModule } from '#modules/alerting';
import { checksModule } from '#modules/checks';
import { consoleModule } from '#modules/console';
import { deliveryModule } from '#modules/delivery';
import { healthModule } from '#modules/health';
import { identityModule } from '#modules/identity';
import { incidentsModule } from '#modules/incidents';
import { interopModule } from '#modules/interop';
import { inventoryModule } from '#modules/inventory';
import { maintenanceModule } from '#modules/maintenance';
import { notificationsModule } from '#modules/notifications';
import { onCallModule } from '#modules/oncall';
import { operationsModule } from '#modules/operations';
import { sourcesModule } from '#modules/sources';
import { telemetryModule } from '#modules/telemetry';
import { workflowsModule } from '#modules/workflows';
import { type Clock, systemClock } from '#platform/clock';
import type { ClockRule } from '#platform/clock-step';
import type { Ctx } from '#platform/context';
import { openDatabase } from '#platform/db/database';
import { createDatabaseClock } from '#platform/db/database-clock';
import { createEvents } from '#platform/event-publisher';
import { createEventWork } from '#platform/event-work';
import type { App } from '#platform/http/app';
import { checkInstallKey, loadInstallKey } from '#platform/install-key';
import { createLive } from '#platform/live-postgres';
import type { Logger } from '#platform/log';
import { createMetrics } from '#platform/metrics';
import type { Module } from '#platform/module';
import { createOutbound } from '#platform/outbound/client';
import { createParts } from '#platform/parts';
import { createPeriodicRunner } from '#platform/periodic-runner';
import { clockRulesOf, platformModule } from '#platform/platform-module';
import { createProcessState } from '#platform/process-state';
import { createSettings, followSettings } from '#platform/settings';
import { createVault } from '#platform/vault';
import { beatWatch, watchBeatSeconds } from '#platform/watch';
import { version } from './version.ts';

/** The house, floor by floor, from the ground up. Adding a module is one line here. */
export const modules: readonly Module[] = [
  platformModule,
  identityModule,
  inventoryModule,
  deliveryModule,
  sourcesModule,
  telemetryModule,
  maintenanceModule,
  onCallModule,
  checksModule,
  alertingModule,
  incidentsModule,
  notificationsModule,
  healthModule,
  operationsModule,
  interopModule,
  workflowsModule,
  consoleModule,
];

/** Every table of the house that goes by the clock. */
export function clockRules(): readonly ClockRule[] {
  return clockRulesOf(modules);
}

/** A request may wait this long for a free connection before it hears 503. */
const databaseConnectMs = 5_000;
const statementMs = 30_000;
/** One pass tries messages this long; the next one goes on. */
const tellOnceMs = 60_000;
/** Events under way get this long to finish when the process stops. */
const drainMs = 20_000;

export interface Watchkeeper {
  readonly ctx: Ctx;
  /** The routes of all modules. @throws before `openHttp` */
  readonly http: App;
  /** Loads and builds what answers requests: a pass from cron never does. */
  openHttp(): Promise<App>;
  /** Where the first owner is made; null once there is a user. */
  readonly setupLink: PasswordLink | null;
  /** Begins the work of the role: watch beats, events, periodic work. Listening is the caller's. */
  start(): Promise<void>;
  /** One pass over what is due, for cron. */
  workOnce(jobsMax: number): Promise<{ periodic: number; jobs: number; told: number }>;
  /** Stops `resource` with the app. */
  own(resource: AsyncDisposable): void;
  /** Stops taking work, finishes what is under way, closes what is open. */
  stop(): Promise<void>;
}

export interface AppOptions {
  config: Config;
  databaseUrl: string;
  role: ProcessRole;
  /** For `watchkeeper work --once`: one pass, then the end. */
  onePass?: boolean;
  log: Logger;
  clock?: Clock;
  notes?: readonly string[];
  /** Whether an empty installation gets its key, its first organization and its first owner: yes, but for cron's passes. */
  firstStart?: boolean;
}

/** The composition root: builds what every module is handed, and lets each contribute. */
export async function createApp(options: AppOptions): Promise<Watchkeeper> {
  const { config, log, role } = options;
  const firstStart = options.firstStart ?? true;
  const db = openDatabase({
    url: options.databaseUrl,
    poolMax: config.databasePoolMax,
    connectTimeoutMs: databaseConnectMs,
    statementTimeoutMs: statementMs,
    log,
  });
  const databaseClock = createDatabaseClock(db, log);
  const clock = options.clock ?? databaseClock;
  const live = createLive(db, log);
  const outbound = createOutbound({ allow: config.outboundAllow, userAgent: `Watchkeeper/${version}` });
  const vault = createVault(await loadInstallKey(config, { mayCreate: firstStart }));
  if (clock === databaseClock) {
    await databaseClock.sync();
    databaseClock.follow();
  }
  const process = createProcessState(role, clock.now(), options.onePass);
  if (clock === databaseClock) {
    process.clockJump = databaseClock.jump;
    process.ownClock = systemClock.now;
  }
  process.notes.push(...(options.notes ?? []));
  const settings = createSettings(config, db, log);
  const ctx: Ctx = {
    config: settings.config,
    settings,
    clock,
    log,
    db,
    events: createEvents(modules),
    live,
    outbound,
    vault,
    metrics: createMetrics(),
    process,
    parts: createParts(),
  };

  await checkInstallKey(db, vault, new Date(clock.now()));
  await live.start();
  await settings.reload();
  const unfollow = followSettings(settings, live, log);
  const setupLink = firstStart ? await beginFirst(ctx) : null;

  const started: AsyncDisposable[] = [];
  const owned: AsyncDisposable[] = [];
  for (const module of modules) {
    const resource = await module.start?.(ctx, modules);
    if (resource !== undefined) started.unshift(resource);
  }
  let http: App | undefined;

  const periodic = createPeriodicRunner(ctx, modules);
  process.finishedAt = periodic.finishedAt;
  const events = createEventWork(ctx, modules);
  const beats = createBeats(ctx);

  return {
    ctx,
    get http() {
      if (http === undefined) throw new Error('HTTP is not open: call openHttp first.');
      return http;
    },
    async openHttp() {
      http = await buildHttp(ctx, (resource) => void started.unshift(resource));
      return http;
    },
    setupLink,
    async start() {
      if (role !== 'worker') await beats.start();
      if (role !== 'api') {
        events.start();
        periodic.start();
        for (const module of modules) module.work?.(ctx);
      }
      process.ready = true;
    },
    own: (resource) => void owned.push(resource),
    async workOnce(jobsMax) {
      const due = await periodic.runDue(AbortSignal.timeout(statementMs));
      for (const module of modules) await module.workOnce?.(ctx);
      const jobs = await events.drain(jobsMax);
      let told = 0;
      for (const module of modules)
        told += (await module.tellOnce?.(ctx, AbortSignal.timeout(tellOnceMs))) ?? 0;
      return { periodic: due, jobs, told };
    },
    async stop() {
      process.draining = true;
      process.ready = false;
      for (const resource of owned) await resource[Symbol.asyncDispose]();
      await http?.close();
      await periodic[Symbol.asyncDispose]();
      for (const resource of started) await resource[Symbol.asyncDispose]();
      await events.stop(drainMs);
      beats.stop();
      unfollow();
      await live[Symbol.asyncDispose]();
      await outbound[Symbol.asyncDispose]();
      databaseClock[Symbol.dispose]();
      await db.close();
    },
  };
}

/** Makes an empty installation usable. @returns where the first owner is made; null once there is a user. */
async function beginFirst(ctx: Ctx): Promise<PasswordLink | null> {
  let link: PasswordLink | null = null;
  for (const module of modules) link = (await module.firstStart?.(ctx, modules)) ?? link;
  return link;
}

async function buildHttp(ctx: Ctx, keep: (resource: AsyncDisposable) => void): Promise<App> {
  const { createHttp, registerOpenApi } = await import('#platform/http/build');
  const http = createHttp(ctx);
  const parts = await Promise.all(modules.map((module) => module.http?.()));
  for (const part of parts) {
    const resource = await part?.start?.(ctx, modules);
    if (resource !== undefined) keep(resource);
  }
  for (const part of parts) part?.everywhere?.(http, ctx);
  await registerOpenApi(http, { publicUrl: ctx.config.http.publicUrl, version });
  for (const part of parts) await part?.routes(http, ctx, modules);
  return http;
}

/** Says "intake is awake" to all processes; see platform/watch.ts. */
function createBeats(ctx: Ctx): { start(): Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  async function beat(): Promise<void> {
    try {
      await ctx.db.system((tx) => beatWatch(tx, new Date(ctx.clock.now())));
      ctx.process.lastBeat = performance.now();
    } catch (error) {
      ctx.log.warn({ err: error }, 'the watch could not be recorded: the database does not answer');
    }
    if (!stopped) timer = setTimeout(() => void beat(), watchBeatSeconds * 1000);
  }
  return {
    start: beat,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
