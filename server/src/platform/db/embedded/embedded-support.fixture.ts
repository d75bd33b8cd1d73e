import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createLogger } from '../../log.ts';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded.ts';
import type { Identity } from './reach.ts';
import { dropReadableCheckout, readableFor } from './readable-checkout.fixture.ts';

export const asRoot = process.getuid?.() === 0;
export const nobody: Identity = { uid: 65534, gid: 65534 };

const silent = createLogger({ level: 'silent' });
const waitMaxMs = 60_000;
const ownPidsFlags = ['--pid', '--fork', '--kill-child', '--mount-proc', '--ipc'];

/** Whether the kernel allows user namespaces, tested directly: a chroot and most containers do not. */
export const namespacesAllowed = unshareWorks('--user', '--map-user=65534', '--map-group=65534');
export const ownPidsAllowed = asRoot && unshareWorks(...ownPidsFlags);
/** Private, unless PostgreSQL runs as another user and must reach it. */
const ownMode = asRoot && !namespacesAllowed ? 0o755 : 0o700;

const cleanups: (() => Promise<unknown>)[] = [];

/** Runs after each test, newest first. */
export function cleanUpLater(work: () => Promise<unknown>): void {
  cleanups.push(work);
}

export async function cleanUp(): Promise<void> {
  for (let work = cleanups.pop(); work !== undefined; work = cleanups.pop()) await work();
}

let template: Promise<string> | undefined;

/** A DATA_DIR with a new database that was shut down. It is a copy, because initdb is the slowest part of a test. */
export async function usedDataDir(mode = ownMode): Promise<string> {
  template ??= makeTemplate();
  const dataDir = join(await temporaryDir(undefined, mode), 'data');
  await cp(await template, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return dataDir;
}

async function makeTemplate(): Promise<string> {
  const path = await mkdtemp('/tmp/wk-embedded-template-');
  await chmod(path, ownMode);
  const database = await startEmbeddedPostgres({ dataDir: path, log: silent });
  await database.stop();
  return path;
}

/** Once per file. */
export async function dropCopies(): Promise<void> {
  await dropReadableCheckout();
  if (template !== undefined) await rm(await template, { recursive: true, force: true });
}

/** A new directory directly in /tmp, private to its owner by default. */
export async function temporaryDir(owner?: Identity, mode = ownMode): Promise<string> {
  const path = await mkdtemp('/tmp/wk-embedded-');
  // After its server was killed, a database may still write while it ends.
  cleanUpLater(() => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  await chmod(path, mode);
  return path;
}

export async function start(options: Omit<EmbeddedPostgresOptions, 'log'>) {
  const database = await startEmbeddedPostgres({ log: silent, ...options });
  cleanUpLater(() => database.stop());
  return database;
}

/** The message of a start that must fail: the operator's line. */
export async function refusal(options: Omit<EmbeddedPostgresOptions, 'log'>): Promise<string> {
  try {
    await start(options);
  } catch (error) {
    if (error instanceof Error && error.name === 'EmbeddedPostgresError') return error.message;
    throw error;
  }
  throw new Error('the start was expected to fail');
}

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + waitMaxMs;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(20);
  }
  throw new Error(`nothing came in ${waitMaxMs} ms`);
}

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly line: { url?: string; pid?: number; notes?: string[]; error?: string; name?: string };
  /** Ends it properly. */
  end(): Promise<void>;
  /** `kill -9`: its database becomes an orphan. */
  kill(): Promise<void>;
}

export interface ProcessOptions {
  readonly user?: Identity;
  /** As in another container: neither side can see the other's pids. */
  readonly ownPids?: boolean;
}

/** Starts the database from a separate process. */
export async function startProcess(dataDir: string, options: ProcessOptions = {}): Promise<ServerProcess> {
  const script = fileURLToPath(new URL('./embedded-process.fixture.ts', import.meta.url));
  let command = [process.execPath, script, JSON.stringify({ dataDir })];
  if (options.ownPids) command.unshift('unshare', ...ownPidsFlags);
  if (options.user !== undefined) command = await asUser(command, options.user);
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const stop = async (act: () => unknown) => {
    act();
    await ended;
  };
  cleanUpLater(() => stop(() => child.kill('SIGKILL')));
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      child,
      line: JSON.parse(line),
      end: () => stop(() => child.stdin.end()),
      kill: () => stop(() => child.kill('SIGKILL')),
    };
  }
  throw new Error('the process said nothing');
}

async function asUser(command: readonly string[], user: Identity): Promise<string[]> {
  const drop = ['setpriv', '--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
  return [...drop, ...(await readableFor(user, command))];
}

/** A file system of a few megabytes; null where mounting is forbidden. */
export async function tinyDisk(megabytes: number): Promise<string | null> {
  const path = await temporaryDir();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    return null;
  }
  cleanUpLater(async () => execFileSync('umount', [path]));
  return join(path, 'data');
}

function unshareWorks(...flags: string[]): boolean {
  try {
    execFileSync('unshare', [...flags, 'id', '-u'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
