// Engines the tests talk to that no registry package brings: Debian's Chromium and PostgreSQL 15. Installed by apt as
// root; as another user the packages are fetched and unpacked into a cache folder, which needs no right but a download.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../node_modules/.cache/watchkeeper/debian', import.meta.url));
const isRoot = process.getuid?.() === 0;
const installMsMax = 10 * 60_000;
/** PostgreSQL will not run as root; Debian's nobody owns nothing else. */
const unprivilegedId = 65_534;

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
    throw new Error(
      `${what} is needed for the tests and this system has no apt-get: install it and run again.`,
    );
  console.log(`Installing ${what} for the tests ...`);
  if (isRoot) {
    quiet('apt-get', ['update', '-qq']);
    quiet('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  } else {
    unpackWithoutRoot(packages);
  }
}

/** Downloads packages with all they depend on and unpacks them below the cache: `dpkg -x` needs no root. */
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

function firstOf(candidates: readonly string[]): string | undefined {
  return candidates.find((candidate) => existsSync(candidate));
}

/** Path of a Chromium that the browser tests may drive. */
export async function ensureChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) return named;
  const find = () =>
    firstOf([
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      path.join(cache, 'root/usr/bin/chromium'),
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ]);
  if (find() === undefined) install('Chromium', ['chromium', 'fonts-dejavu-core']);
  const found = find();
  if (found === undefined)
    throw new Error('Chromium was installed but is not where it should be; set CHROMIUM_PATH.');
  if (found.startsWith(cache)) process.env.LD_LIBRARY_PATH = libraryPath();
  return found;
}

function libraryPath(): string {
  const lib = path.join(cache, 'root/usr/lib');
  const triplets = existsSync(lib) ? readdirSync(lib).filter((name) => name.endsWith('-linux-gnu')) : [];
  return [
    ...triplets.flatMap((name) => [path.join(lib, name)]),
    path.join(lib, 'chromium'),
    process.env.LD_LIBRARY_PATH ?? '',
  ]
    .filter(Boolean)
    .join(':');
}

export interface RunningPostgres extends AsyncDisposable {
  readonly url: string;
}

const portRange = { host: '127.0.0.1', port: 0 };

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', reject)
      .listen(portRange, () => {
        const address = probe.address();
        probe.close(() =>
          typeof address === 'object' && address !== null
            ? resolve(address.port)
            : reject(new Error('no port')),
        );
      });
  });
}

/** A scratch cluster of the oldest PostgreSQL that is supported, on a free loopback port. */
export async function ensurePostgres15(): Promise<RunningPostgres> {
  const find = () =>
    firstOf(['/usr/lib/postgresql/15/bin', path.join(cache, 'root/usr/lib/postgresql/15/bin')]);
  if (find() === undefined) install('PostgreSQL 15', ['postgresql-15']);
  const bin = find();
  if (bin === undefined) throw new Error('PostgreSQL 15 was installed but is not where it should be.');
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-pg15-'));
  const data = path.join(folder, 'data');
  const identity = isRoot ? { uid: unprivilegedId, gid: unprivilegedId } : {};
  if (isRoot) execFileSync('chown', [`${unprivilegedId}:${unprivilegedId}`, folder]);
  const env = bin.startsWith(cache) ? { ...process.env, LD_LIBRARY_PATH: libraryPath() } : process.env;
  const start = { ...identity, env, cwd: folder, stdio: 'ignore' } as const;
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--encoding=UTF8', '--locale=C.UTF-8'],
    start,
  );
  const port = await freePort();
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off`;
  execFileSync(
    path.join(bin, 'pg_ctl'),
    ['-D', data, '-o', options, '-l', path.join(folder, 'log'), '-w', 'start'],
    start,
  );
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      execFileSync(path.join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'], start);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
