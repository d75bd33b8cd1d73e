import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '../../log.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { createCluster, inspectCluster, resetPassword, settleOwnership } from './cluster.ts';
import { ask, connectionUrl, ensureDatabase } from './connection.ts';
import { freePort, type Launched, type LaunchPlan, launchSomewhere } from './launch.ts';
import { lockDataDir } from './lock.ts';
import { clearOrphan } from './orphan.ts';
import { choosePlace, clearSockets, clusterDirIn, type Place, prepareDataDir, socketPlace } from './place.ts';
import { answersInDataDir } from './probe.ts';
import { chooseRunAs, type RunAs, type RunAsChoice } from './run-as.ts';
import { createServerLog } from './server-log.ts';
import { type Endpoint, newPassword, readState, type State, writeState } from './state-file.ts';
import { stopByTool, stopPostmaster } from './stop.ts';
import { type Supervisor, supervise } from './supervise.ts';

export { EmbeddedPostgresError } from './errors.ts';

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /** How to run programs that refuse root. `auto` finds out what this system allows. */
  readonly runAs?: RunAsChoice;
  /** `auto`: a Unix socket in a private folder (no port, so no conflict); on Windows TCP. */
  readonly listen?: 'auto' | 'socket' | 'tcp';
  /** The TCP port to try first. */
  readonly port?: number;
  /** PostgreSQL settings that override ours, e.g. `fsync: 'off'` for temporary data of a test run. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The folder with bin, lib and share. Default: the installed npm package. */
  readonly nativeDir?: string;
  /** Where root keeps files that an unprivileged PostgreSQL cannot reach elsewhere. */
  readonly systemDir?: string;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** A superuser, who owns the database `watchkeeper`. Stays the same while this process lives. */
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  /** Sentences about this start for the operator. */
  readonly notes: readonly string[];
  /** Ends sessions, writes a checkpoint, and releases DATA_DIR. Takes a limited time; safe to call twice. */
  stop(): Promise<void>;
}

const systemDirDefault = '/var/lib/watchkeeper';

/** @throws EmbeddedPostgresError with one line that says what to do. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await prepareDataDir(options.dataDir);
  const lock = await lockDataDir(dataDir, () => answersInDataDir(dataDir));
  try {
    return await startLocked({ ...options, dataDir }, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The URL of a running database on `dataDir`, for commands beside its server; null when none answers. */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | null> {
  const state = await readState(dataDir);
  if (state === undefined || state.endpoint === null) return null;
  const answer = await ask(state.endpoint, state.password).catch(() => undefined);
  return answer === undefined ? null : connectionUrl(state.endpoint, state.password);
}

/** Whether a start on `dataDir` would find a database. Changes nothing. */
export async function hasEmbeddedPostgres(dataDir: string): Promise<boolean> {
  return (
    (await readState(dataDir)) !== undefined || (await inspectCluster(clusterDirIn(dataDir))) === 'present'
  );
}

async function startLocked(
  options: EmbeddedPostgresOptions,
  unlock: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options;
  const notes: string[] = [];
  const state = await readState(dataDir);
  const runAs = await chooseRunAs(options.runAs ?? 'auto');
  if (runAs.note !== null) notes.push(runAs.note);
  const systemDir = options.systemDir ?? systemDirDefault;
  const place = await choosePlace({ dataDir, state, runAs, systemDir, notes });
  const binaries = await prepareBinaries({ nativeDir: options.nativeDir, runAs, systemDir, notes });
  const stopPid = stopper(binaries, place.clusterDir, runAs);
  const password = await readyCluster({ options, state, runAs, place, binaries, stopPid, notes });

  const plan: LaunchPlan = {
    binaries,
    clusterDir: place.clusterDir,
    runAs,
    password,
    settings: options.settings ?? {},
    serverLog: createServerLog(join(dataDir, 'postgres.log')),
  };
  const chooseEndpoint = endpoints(options, place, runAs, state);
  const { launched, endpoint } = await launchSomewhere(plan, await chooseEndpoint(), chooseEndpoint);
  try {
    await ensureDatabase(endpoint, password);
    await writeState(dataDir, { password, clusterDir: place.recordedClusterDir, endpoint });
  } catch (error) {
    await stopPid(launched.pid);
    throw error;
  }
  for (const note of notes) log.info(note);
  const supervisor = supervise(plan, endpoint, launched, log);
  const watch = plan.serverLog.watch();
  const stop = once(async () => {
    watch.end();
    await stopSupervised(supervisor, stopPid, log);
    await dropSocketPlace(endpoint, place);
    await unlock();
  });
  return handle(connectionUrl(endpoint, password), supervisor, launched, notes, stop);
}

function handle(
  url: string,
  supervisor: Supervisor,
  first: Launched,
  notes: readonly string[],
  stop: () => Promise<void>,
): EmbeddedPostgres {
  return {
    url,
    get pid() {
      return supervisor.current()?.pid ?? first.pid;
    },
    version: first.version,
    notes,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Makes sure that there is a complete cluster without a running server, and returns the password of its owner role. */
async function readyCluster(input: {
  options: EmbeddedPostgresOptions;
  state: State | undefined;
  runAs: RunAs;
  place: Place;
  binaries: Binaries;
  stopPid: (pid: number) => Promise<boolean>;
  notes: string[];
}): Promise<string> {
  const { options, state, runAs, binaries, notes } = input;
  const { clusterDir, recordedClusterDir } = input.place;
  const found = await inspectCluster(clusterDir);
  if (found === 'present')
    await clearOrphan({ clusterDir, state, stop: input.stopPid, log: options.log, notes });
  await settleOwnership(clusterDir, runAs, notes);
  const password = state?.password ?? newPassword();
  if (found === 'absent') {
    options.log.info({ dir: clusterDir }, 'creating the database');
    const sync = options.settings?.fsync !== 'off';
    await createCluster({ binaries, clusterDir, runAs, password, sync });
  } else if (state === undefined) {
    await resetPassword(binaries, clusterDir, runAs, password);
    notes.push('The file with the database password was missing; a new password was set.');
  }
  if (state === undefined) {
    await writeState(options.dataDir, { password, clusterDir: recordedClusterDir, endpoint: null });
  }
  return password;
}

/** The address to listen at. Called again, with the reason, when the address was refused. */
function endpoints(
  options: EmbeddedPostgresOptions,
  place: Place,
  runAs: RunAs,
  state: State | undefined,
): (refused?: 'address_in_use' | 'socket_refused') => Promise<Endpoint> {
  const listen = options.listen ?? 'auto';
  const earlier = state?.endpoint ?? null;
  const tcp = listen === 'tcp' || (listen === 'auto' && process.platform === 'win32');
  return async (refused) => {
    if (tcp) {
      const last = options.port ?? (earlier?.kind === 'tcp' ? earlier.port : undefined);
      return { kind: 'tcp', port: await freePort(refused === undefined ? last : undefined) };
    }
    const directory = await socketPlace({
      clusterDir: place.clusterDir,
      runAs,
      earlier,
      avoidDataDir: refused === 'socket_refused',
    });
    await clearSockets(directory);
    return { kind: 'socket', directory };
  };
}

function stopper(binaries: Binaries, clusterDir: string, runAs: RunAs): (pid: number) => Promise<boolean> {
  if (process.platform !== 'win32') return stopPostmaster;
  return () =>
    stopByTool((mode) => runAs.command(binaries.pgCtl, ['stop', '-D', clusterDir, '-w', '-m', mode]));
}

async function stopSupervised(
  supervisor: Supervisor,
  stopPid: (pid: number) => Promise<boolean>,
  log: Logger,
): Promise<void> {
  await supervisor.end();
  const running = supervisor.current();
  if (running === undefined) return;
  running.child.ref();
  if (!(await stopPid(running.pid)))
    log.error({ pid: running.pid }, 'the database does not stop; it was left behind');
}

async function dropSocketPlace(endpoint: Endpoint, place: Place): Promise<void> {
  if (endpoint.kind === 'tcp' || dirname(endpoint.directory) === dirname(place.clusterDir)) return;
  // In /tmp: removed when empty, and created again on the next start.
  await rmdir(endpoint.directory).catch(() => undefined);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
