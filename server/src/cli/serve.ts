import type { PasswordLink } from '@watchkeeper/contracts/identity';
import { type Command, Option } from 'commander';
import { type Config, type ProcessRole, readConfig } from '#config';
import { migrateUp } from '#platform/db/migrate';
import { createLogger, type Logger } from '#platform/log';
import { createApp, type Watchkeeper } from '../app.ts';
import { openConfiguredDatabase } from './database.ts';
import { setupBlock } from './setup-block.ts';

/** After a signal or a failed start, everything must stop within this time. Then the process exits anyway. */
const stopMsMax = 30_000;
/** After a failed start, anything that is still open delays the exit at most this long. */
const leaveMsMax = 3_000;

export function define(command: Command): void {
  command
    .addOption(
      new Option('--role <role>', 'the role of this process')
        .choices(['all', 'api', 'worker'])
        .default('all'),
    )
    .option('--demo', 'add a demonstration organization with a simulated fleet')
    .action((options: { role: ProcessRole; demo?: boolean }) => serve(readConfig(process.env), options));
}

async function serve(config: Config, options: { role: ProcessRole; demo?: boolean }): Promise<void> {
  const log = await openLog(config);
  const startedAt = performance.now();
  const database = await openConfiguredDatabase(config, log);
  let demo: Awaited<ReturnType<typeof openDemo>> | undefined;
  let app: Watchkeeper | undefined;
  try {
    const applied = await migrateUp(database.url);
    if (applied.length > 0) log.info({ migrations: applied }, 'the database was brought up to date');
    if (options.demo === true) demo = await openDemo(config.http.port);
    app = await createApp({
      config: { ...config, outboundAllow: [...config.outboundAllow, ...(demo?.peers.allowed ?? [])] },
      databaseUrl: database.url,
      role: options.role,
      log,
      notes: database.notes,
    });
    for (const note of database.notes) log.info(note);
    stopOnSignal(app, database.stop, log);
    const http = await app.openHttp();
    const address = await http.listen({ host: config.http.host, port: config.http.port });
    await app.start();
    log.info(
      { address, role: options.role, ready_ms: Math.round(performance.now() - startedAt) },
      `Watchkeeper is ready at ${config.http.publicUrl}`,
    );
    if (demo !== undefined) {
      app.own(await demo.startDemo(app.ctx, address, demo.peers));
      app.own(demo.peers);
    }
    if (app.setupLink !== null) tellSetupLink(app.setupLink, config, log);
  } catch (error) {
    endWithin(stopMsMax, log);
    await undoStart([() => app?.stop(), () => demo?.peers[Symbol.asyncDispose](), database.stop], log);
    endWithin(leaveMsMax, log);
    throw error;
  }
}

/**
 * After a failed start, the process must exit. A process that stays would answer without doing its work, and nobody
 * would restart it.
 */
async function undoStart(
  steps: readonly (() => PromiseLike<void> | undefined)[],
  log: Logger,
): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      log.error({ err: error }, 'the start failed, and so did part of the clean-up');
    }
  }
}

/** Exits after this time when something still keeps the process alive. */
function endWithin(ms: number, log: Logger): void {
  setTimeout(() => {
    log.error(`not stopped after ${ms / 1000} s; leaving now`);
    process.exit(process.exitCode ?? 1);
  }, ms).unref();
}

/** Readable lines on a terminal, JSON lines otherwise. */
async function openLog(config: Config): Promise<Logger> {
  const { logLevel: level, logFormat } = config;
  if (logFormat === 'json' || (logFormat === 'auto' && !process.stdout.isTTY)) return createLogger({ level });
  const { default: pretty } = await import('pino-pretty');
  return createLogger({
    level,
    // Synchronous, so that the order is right relative to direct output such as the set-up link.
    stream: pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' }),
  });
}

/** Printed last, where it stays visible. */
function tellSetupLink(link: PasswordLink, config: Config, log: Logger): void {
  if (process.stdout.isTTY && config.logFormat !== 'json') process.stdout.write(`\n${setupBlock(link)}\n\n`);
  else log.warn(`no user exists yet: open ${link.url} to create the first owner (works once, for 24 hours)`);
}

/** Loaded only for the demonstration, so that a production process contains no simulator. */
async function openDemo(ownPort: number) {
  const { startDemo } = await import('../demo/demo.ts');
  const { startPeers } = await import('../demo/peers.ts');
  return { startDemo, peers: await startPeers(ownPort) };
}

function stopOnSignal(app: Watchkeeper, stopDatabase: () => Promise<void>, log: Logger): void {
  let stopping = false;
  async function stop(signal: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping: running requests and jobs finish first');
    endWithin(stopMsMax, log);
    try {
      await app.stop();
      await stopDatabase();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'the process did not stop cleanly');
      process.exit(1);
    }
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
}
