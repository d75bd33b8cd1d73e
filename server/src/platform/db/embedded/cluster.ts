import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { explainOutput } from './diagnosis.ts';
import { currentUser, EmbeddedPostgresError, errorCode, explained } from './errors.ts';
import { chownTree, statIfPresent } from './reach.ts';
import type { RunAs } from './run-as.ts';
import { ownerRole } from './state-file.ts';
import { runToEnd, type ToolResult } from './tool.ts';

/** The major version in this release. Data of another major version cannot be opened. */
export const majorVersion = '18';

const initTimeoutMs = 180_000;
const singleUserTimeoutMs = 120_000;
const acceptableModes = [0o700, 0o750];

export type ClusterState = 'absent' | 'present';

/** Checks before anything is changed. @throws when the folder holds data of another major version, or no database. */
export async function inspectCluster(clusterDir: string): Promise<ClusterState> {
  return explained(clusterDir, async () => {
    if ((await statIfPresent(clusterDir)) === undefined) return 'absent';
    const version = await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch((error) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (version === undefined) {
      throw new EmbeddedPostgresError(
        `${clusterDir} exists but holds no PostgreSQL database: move it away, or set DATA_DIR to another directory.`,
      );
    }
    if (version.trim() === majorVersion) return 'present';
    throw new EmbeddedPostgresError(
      `The database in ${clusterDir} was written by PostgreSQL ${version.trim()}, this release runs ${majorVersion}: dump it with the release that wrote it and restore the dump into a new DATA_DIR, or start that release again.`,
    );
  });
}

/**
 * Initialises under a temporary name, and renames when complete. So a crash or a full disk cannot leave an incomplete
 * database.
 */
export async function createCluster(options: {
  binaries: Binaries;
  clusterDir: string;
  runAs: RunAs;
  password: string;
  sync: boolean;
}): Promise<void> {
  const { binaries, clusterDir, runAs } = options;
  const draft = `${clusterDir}.new`;
  const passwordFile = join(draft, 'password');
  const target = join(draft, 'data');
  await explained(dirname(clusterDir), async () => {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (process.getuid?.() === 0) await chownTree(draft, runAs.owner);
  });
  try {
    const args = initArguments(target, passwordFile, options.sync);
    const result = await runProgram(runAs, binaries.initdb, args, initTimeoutMs);
    if (result.code !== 0) throw explainOutput('The database could not be created', result.output, options);
    await explained(clusterDir, () => rename(target, clusterDir));
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

function initArguments(target: string, passwordFile: string, sync: boolean): string[] {
  return [
    '-D',
    target,
    '--username',
    ownerRole,
    '--pwfile',
    passwordFile,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Built in: sorts the same on every machine, whatever locales and libc it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    ...(sync ? [] : ['--no-sync']),
  ];
}

/**
 * Sets owner and mode as PostgreSQL demands. Root corrects files that a restore or an earlier start left with others.
 */
export async function settleOwnership(clusterDir: string, runAs: RunAs, notes: string[]): Promise<void> {
  if (process.platform === 'win32') return;
  await explained(clusterDir, async () => {
    const entry = await statIfPresent(clusterDir);
    if (entry === undefined) return;
    if (entry.uid !== runAs.owner.uid) {
      if (process.getuid?.() !== 0) {
        throw new EmbeddedPostgresError(
          `${clusterDir} belongs to user id ${entry.uid}, not to ${currentUser()}: start as its owner, or give it to this user (chown -R).`,
        );
      }
      notes.push(
        `The files in ${clusterDir} were given to user id ${runAs.owner.uid}; they belonged to ${entry.uid}.`,
      );
      await chownTree(clusterDir, runAs.owner);
    }
    if (acceptableModes.includes(entry.mode & 0o777)) return;
    await chmod(clusterDir, 0o700);
    notes.push(`${clusterDir} was open to other users and is private again.`);
  });
}

/** For a lost password file: the owner of the files may set a new password. Only while no server runs. */
export async function resetPassword(
  binaries: Binaries,
  clusterDir: string,
  runAs: RunAs,
  password: string,
): Promise<void> {
  const args = ['--single', '-D', clusterDir, '-c', 'password_encryption=scram-sha-256', 'postgres'];
  const input = `alter role ${ownerRole} login superuser password '${password}'\n`;
  const result = await runProgram(runAs, binaries.postgres, args, singleUserTimeoutMs, input);
  // Single-user mode exits with 0 even when a statement failed.
  if (result.code === 0 && !/ERROR:/.test(result.output)) return;
  throw explainOutput('The database password could not be set again', result.output, { clusterDir, runAs });
}

async function runProgram(
  runAs: RunAs,
  file: string,
  args: string[],
  timeoutMs: number,
  input = '',
): Promise<ToolResult> {
  try {
    return await runToEnd(runAs.command(file, args), timeoutMs, input);
  } catch (error) {
    throw cannotRun(file, error);
  }
}

/** Here, ENOENT means that the file's loader is missing: a system without glibc, such as Alpine. */
export function cannotRun(file: string, error: unknown): EmbeddedPostgresError {
  const reason =
    errorCode(error) === 'ENOENT'
      ? 'its binaries need glibc (Debian, Ubuntu, Red Hat; not Alpine)'
      : `the system refuses it (${errorCode(error) || 'unknown error'})`;
  return new EmbeddedPostgresError(
    `${file} cannot be executed: ${reason}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    {
      cause: error,
    },
  );
}
