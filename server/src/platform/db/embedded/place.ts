import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, errorCode, explained } from './errors.ts';
import { socketDirBeside } from './probe.ts';
import { canEnter, statIfPresent } from './reach.ts';
import type { RunAs } from './run-as.ts';
import { type Endpoint, type State, socketPort } from './state-file.ts';

/** `sun_path` holds 108 bytes on Linux, and 104 on macOS and the BSDs, including the final zero. */
const socketPathBytesMax = process.platform === 'linux' ? 107 : 103;
const traverseByOthers = 0o011;

export interface Place {
  readonly clusterDir: string;
  /** The value in the state file: null when inside DATA_DIR. */
  readonly recordedClusterDir: string | null;
}

/** DATA_DIR as an absolute path without links. Created if it does not exist. */
export async function prepareDataDir(dataDir: string): Promise<string> {
  return explained(dataDir, async () => {
    // As root, others may pass through it (not list it), so that an unprivileged PostgreSQL reaches its folder.
    await makeDirs(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    return realpath(dataDir);
  });
}

/** Node's own recursive mkdir reports ENOENT on a read-only file system. This one reports the real error. */
async function makeDirs(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(path) !== path) {
      await makeDirs(dirname(path), mode);
      await mkdir(path, { mode });
    } else if (!(await isDirectory(path))) {
      throw error;
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await statIfPresent(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Where the database is, unless PostgreSQL cannot reach it. */
export function clusterDirIn(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Inside DATA_DIR if PostgreSQL can reach it. An earlier choice is kept. */
export async function choosePlace(options: {
  dataDir: string;
  state: State | undefined;
  runAs: RunAs;
  systemDir: string;
  notes: string[];
}): Promise<Place> {
  const { dataDir, state, runAs, notes } = options;
  const recorded = state?.clusterDir ?? null;
  if (recorded !== null) {
    notes.push(keptOutside(dataDir, recorded));
    return earlierPlace(dataDir, recorded);
  }
  const inside = { clusterDir: clusterDirIn(dataDir), recordedClusterDir: null };
  if (!runAs.restricted || (await letThrough(dataDir, runAs))) return inside;
  if ((await statIfPresent(inside.clusterDir)) !== undefined) {
    throw new EmbeddedPostgresError(
      `The database is in ${inside.clusterDir}. PostgreSQL must run here as user id ${runAs.owner.uid}, which cannot reach that directory: move DATA_DIR to /var/lib/watchkeeper/data, or start as an ordinary user.`,
    );
  }
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const clusterDir = join(options.systemDir, name, 'postgres');
  await explained(options.systemDir, () => makeDirs(dirname(clusterDir), 0o755));
  notes.push(keptOutside(dataDir, clusterDir));
  return { clusterDir, recordedClusterDir: clusterDir };
}

function keptOutside(dataDir: string, clusterDir: string): string {
  return `The database is kept in ${clusterDir}: the user that PostgreSQL runs as could not reach ${dataDir}. Back up both.`;
}

async function earlierPlace(dataDir: string, clusterDir: string): Promise<Place> {
  if ((await statIfPresent(clusterDir)) === undefined) {
    throw new EmbeddedPostgresError(
      `The database of ${dataDir} was kept in ${clusterDir}, which is gone: restore it there, or remove ${join(dataDir, 'postgres.json')} to start with an empty one.`,
    );
  }
  return { clusterDir, recordedClusterDir: clusterDir };
}

async function letThrough(dataDir: string, runAs: RunAs): Promise<boolean> {
  if (await canEnter(dataDir, runAs.owner)) return true;
  if (!(await canEnter(dirname(dataDir), runAs.owner))) return false;
  await chmod(dataDir, (await stat(dataDir)).mode | traverseByOthers);
  return canEnter(dataDir, runAs.owner);
}

/**
 * The private folder of the Unix socket. It is beside the database if the path is short enough; then a server in
 * another container on the same volume can see it. Otherwise it is in /tmp.
 */
export async function socketPlace(options: {
  clusterDir: string;
  runAs: RunAs;
  earlier: Endpoint | null;
  /** The file system of the database refused a socket. */
  avoidDataDir: boolean;
}): Promise<string> {
  const beside = socketDirBeside(options.clusterDir);
  if (fits(beside) && !options.avoidDataDir) {
    // Its parent is ours, so root may take it over from the user of an earlier start.
    await privateDirectory(beside, options.runAs, true);
    return beside;
  }
  const earlier = options.earlier?.kind === 'socket' ? options.earlier.directory : null;
  const base = (await statIfPresent('/tmp')) === undefined ? tmpdir() : '/tmp';
  const name = createHash('sha256').update(options.clusterDir).digest('hex').slice(0, 12);
  for (const candidate of [earlier, join(base, `watchkeeper-${name}`)]) {
    if (candidate === null || candidate === beside || !fits(candidate)) continue;
    if (await privateDirectory(candidate, options.runAs, false).catch(() => false)) return candidate;
  }
  // Another user has a folder with our name.
  const fresh = await explained(base, () => mkdtemp(join(base, 'watchkeeper-')));
  await privateDirectory(fresh, options.runAs, false);
  return fresh;
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${socketPort}`)) <= socketPathBytesMax;
}

/** False when the directory exists but is not ours. */
async function privateDirectory(path: string, runAs: RunAs, parentIsOurs: boolean): Promise<boolean> {
  return explained(path, async () => {
    await mkdir(path, { mode: 0o700 }).catch((error) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    const entry = await lstat(path);
    const ours = parentIsOurs || entry.uid === process.getuid?.() || entry.uid === runAs.owner.uid;
    if (!entry.isDirectory() || !ours) return false;
    await giveTo(path, runAs);
    return true;
  });
}

/** Sets mode 0700 and the right owner, as PostgreSQL demands. */
export async function giveTo(path: string, runAs: RunAs): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, runAs.owner.uid, runAs.owner.gid);
  if (process.platform !== 'win32') await chmod(path, 0o700);
}

/**
 * Removes sockets of a dead server, whose lock names a pid that may belong to another program now. Call only when no
 * server runs.
 */
export async function clearSockets(directory: string): Promise<void> {
  await explained(directory, async () => {
    for (const name of await readdir(directory)) {
      if (name.startsWith('.s.PGSQL.')) await rm(join(directory, name), { force: true });
    }
  });
}
