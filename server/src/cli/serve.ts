import { Command, Option } from 'commander';
import { type Config, type ProcessRole, readConfig } from '#config';
import { migrateUp } from '#platform/db/migrate';
import { createLogger, type Logger } from '#platform/log';
import { createApp, type Watchkeeper } from '../app.ts';
import { openConfiguredDatabase } from './database.ts';

/** After a signal everything must have stopped within this time, or the process ends anyway. */
const stopMsMax = 30_000;

export function serveCommand(): Command {
  return new Command('serve')
    .description('run the server')
    .addOption(
      new Option('--role <role>', 'what this process does').choices(['all', 'api', 'worker']).default('all'),
    )
    .option('--demo', 'add a demonstration organization with a simulated fleet')
    .action((options: { role: ProcessRole; demo?: boolean }) => serve(readConfig(process.env), options));
}

async function serve(config: Config, options: { role: ProcessRole; demo?: boolean }): Promise<void> {
  const log = createLogger({ level: config.logLevel });
  const startedAt = performance.now();
  const database = await openConfiguredDatabase(config, log);
  let demo: Awaited<ReturnType<typeof openDemo>> | undefined;
  try {
    const applied = await migrateUp(database.url);
    if (applied.length > 0) log.info({ migrations: applied }, 'the database was brought up to date');
    if (options.demo === true) demo = await openDemo(config.http.port);
    const app = await createApp({
      config: { ...config, outboundAllow: [...config.outboundAllow, ...(demo?.peers.allowed ?? [])] },
      databaseUrl: database.url,
      role: options.role,
      log,
      notes: database.notes,
    });
    for (const note of database.notes) log.info(note);
    stopOnSignal(app, database.stop, log);
    const address = await app.http.listen({ host: config.http.host, port: config.http.port });
    await app.start();
    log.info(
      { address, role: options.role, ready_ms: Math.round(performance.now() - startedAt) },
      `Watchkeeper is ready at ${config.http.publicUrl}`,
    );
    if (demo !== undefined) {
      app.own(await demo.startDemo(app.ctx, address, demo.peers));
      app.own(demo.peers);
    }
  } catch (error) {
    await demo?.peers[Symbol.asyncDispose]();
    await database.stop();
    throw error;
  }
}

/** Loaded only when asked for: a production process carries no simulator. */
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
    log.info({ signal }, 'stopping: requests and jobs under way are finished first');
    setTimeout(() => {
      log.error(`not stopped after ${stopMsMax / 1000} s; leaving now`);
      process.exit(1);
    }, stopMsMax).unref();
    try {
      await app.stop();
      await stopDatabase();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'the stop was not clean');
      process.exit(1);
    }
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
}
