// Programs that no registry package provides, from Debian. As root, apt installs them. As another user, the packages
// are downloaded and unpacked into a cache folder, which needs no special rights.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../node_modules/.cache/watchkeeper/debian', import.meta.url));
export const isRoot = process.getuid?.() === 0;
const installMsMax = 10 * 60_000;

export interface Program {
  readonly path: string;
  /** The environment in which the program finds its libraries. */
  readonly env: NodeJS.ProcessEnv;
}

export interface Wanted {
  /** Its name, for the person who waits for the download. */
  readonly what: string;
  readonly packages: readonly string[];
  /** Where Debian installs it. */
  readonly path: string;
  /** Other places where it may already be. */
  readonly others?: readonly string[];
}

/** The paths of all these programs. All missing ones are installed at once. */
export function ensurePrograms(wanted: readonly Wanted[]): Program[] {
  const missing = wanted.filter((one) => find(one) === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ what }) => what).join(', ');
    install(
      names,
      missing.flatMap(({ packages }) => packages),
    );
  }
  return wanted.map((one) => {
    const found = find(one);
    if (found === undefined) throw new Error(`${one.what} was installed but is not where it should be.`);
    const isUnpacked = found.startsWith(cache);
    return {
      path: found,
      env: isUnpacked ? { ...process.env, LD_LIBRARY_PATH: libraryPath() } : process.env,
    };
  });
}

export function ensureProgram(wanted: Wanted): Program {
  const [program] = ensurePrograms([wanted]);
  if (program === undefined) throw new Error(`${wanted.what} is missing.`);
  return program;
}

function find({ path: place, others = [] }: Wanted): string | undefined {
  return [place, ...others, path.join(cache, 'root', place)].find((candidate) => existsSync(candidate));
}

function quiet(command: string, args: readonly string[]): void {
  const result = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: installMsMax,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status !== 0)
    throw new Error(
      `"${command} ${args.join(' ')}" failed: ${result.stderr?.toString().slice(-500) ?? result.error?.message}`,
    );
}

function hasApt(): boolean {
  return existsSync('/usr/bin/apt-get');
}

function install(what: string, packages: readonly string[]): void {
  if (!hasApt())
    throw new Error(`${what} is needed and this system has no apt-get: install it and run again.`);
  console.log(`Installing ${what} ...`);
  if (isRoot) {
    quiet('apt-get', ['update', '-qq']);
    quiet('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  } else {
    unpackWithoutRoot(packages);
  }
}

/** Downloads packages with all their dependencies and unpacks them below the cache. `dpkg -x` does not need root. */
function unpackWithoutRoot(packages: readonly string[]): void {
  const lists = path.join(cache, 'lists');
  const archives = path.join(cache, 'archives');
  for (const folder of [path.join(lists, 'partial'), path.join(archives, 'partial')])
    mkdirSync(folder, { recursive: true });
  const own = [
    '-o',
    `Dir::State::lists=${lists}`,
    '-o',
    `Dir::Cache::archives=${archives}`,
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
    '-o',
    'Debug::NoLocking=1',
  ];
  quiet('apt-get', [...own, 'update', '-qq']);
  quiet('apt-get', [
    ...own,
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    '--download-only',
    ...packages,
  ]);
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    quiet('dpkg', ['-x', path.join(archives, file), path.join(cache, 'root')]);
    rmSync(path.join(archives, file));
  }
}

function libraryPath(): string {
  const lib = path.join(cache, 'root/usr/lib');
  const triplets = existsSync(lib) ? readdirSync(lib).filter((name) => name.endsWith('-linux-gnu')) : [];
  return [
    ...triplets.map((name) => path.join(lib, name)),
    path.join(lib, 'chromium'),
    process.env.LD_LIBRARY_PATH ?? '',
  ]
    .filter(Boolean)
    .join(':');
}
