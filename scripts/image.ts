// npm run image: builds the Dockerfile with buildah, measures what it adds to its base, starts it as in production, and
// stops it. Needs root and Debian's packages. The base is made here from Debian and the pinned Node (IMAGE_BASE names
// another one), so that no image registry is needed.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensurePrograms, isRoot } from './debian.ts';
import { npmFolder } from './image/npm-folder.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const mebibyte = 1024 * 1024;
const addedMbMax = 250;
const userId = '10001';
const readyMsMax = 10 * 60_000;
const endMsMax = 60_000;
const pollMs = 500;
const certificates = '/etc/ssl/certs/ca-certificates.crt';

if (!isRoot) throw new Error('The image is built by root only: buildah changes the root folder.');
ensurePrograms([
  { what: 'buildah', packages: ['buildah'], path: '/usr/bin/buildah' },
  { what: 'debootstrap', packages: ['debootstrap', 'ca-certificates'], path: '/usr/sbin/debootstrap' },
]);

const scratch = mkdtempSync('/var/tmp/watchkeeper-image-');
const storage = ['--storage-driver', 'vfs', '--root', `${scratch}/images`, '--runroot', `${scratch}/run`];

function buildah(args: readonly string[], stdio: 'inherit' | 'pipe' = 'pipe'): string {
  const out = execFileSync('buildah', [...storage, ...args], {
    cwd: root,
    stdio: ['ignore', stdio, 'inherit'],
  });
  return out?.toString().trim() ?? '';
}

function step(words: string): void {
  console.log(`== ${words}`);
}

/** Debian with the pinned Node and the npm that runs this script. */
function makeBase(): string {
  const folder = `${scratch}/base`;
  execFileSync('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  rmSync(`${folder}/var/cache/apt/archives`, { recursive: true, force: true });
  const modules = `${folder}/usr/local/lib/node_modules`;
  mkdirSync(modules, { recursive: true });
  copyFileSync(process.execPath, `${folder}/usr/local/bin/node`);
  cpSync(npmFolder(), `${modules}/npm`, { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', `${folder}/usr/local/bin/npm`);
  // The build uses this machine's network, which may need its own certificate authority.
  copyFileSync(certificates, `${folder}${certificates}`);
  const container = buildah(['from', 'scratch']);
  buildah(['add', '-q', container, folder, '/']);
  buildah(['commit', '-q', container, 'localhost/watchkeeper-base']);
  removeScratch(folder);
  return 'localhost/watchkeeper-base';
}

/**
 * Debian's installer mounts /proc and /sys while it works. After a failure they may still be mounted: never delete in
 * them.
 */
function removeScratch(folder: string): void {
  execFileSync('rm', ['-rf', '--one-file-system', folder]);
}

/** The size of all its files in bytes, as `du` counts them. */
function sizeOf(container: string): number {
  const mounted = buildah(['mount', container]);
  const bytes = Number(execFileSync('du', ['-s', '-x', '--bytes', mounted]).toString().split('\t')[0]);
  buildah(['umount', container]);
  return bytes;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}

/**
 * Starts it with its own command and user on a free loopback port, waits until it is ready and its health check passes,
 * then stops it.
 */
async function tryOut(container: string): Promise<void> {
  const inside = (args: readonly string[], environment: readonly string[] = []) => [
    ...['run', '--isolation', 'chroot', ...environment, container, '--', ...args],
  ];
  const who = buildah(inside(['id', '-u']));
  if (who !== userId) throw new Error(`The image runs as ${who}, not as ${userId}.`);
  const { OCIv1, Docker } = JSON.parse(buildah(['inspect', container]));
  const command: string[] = OCIv1.config.Cmd;
  const [kind, ...healthCheck]: string[] = Docker.config.Healthcheck?.Test ?? [];
  if (kind !== 'CMD') throw new Error('The image has no health check.');
  const port = await freePort();
  const environment = ['--env', `PORT=${port}`, '--env', 'HOST=127.0.0.1'];
  const run = inside(command, environment);
  const server = spawn('buildah', [...storage, ...run], { cwd: root, stdio: 'inherit', detached: true });
  const ended = once(server, 'exit');
  try {
    await untilReady(port, server);
    buildah(inside(healthCheck, environment));
    step('its health check passes; told to stop');
    // Unlike other engines, buildah does not forward signals, so the process itself gets the signal.
    process.kill(serverPid(command), 'SIGTERM');
    await Promise.race([ended, pause(endMsMax, undefined, { ref: false })]);
    if (server.exitCode !== 0)
      throw new Error(`Told to stop, the server in the image ended with ${server.exitCode}.`);
  } finally {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
  }
}

/** The process in the image that runs `command`. The process that started it for the image belongs to another user. */
function serverPid(command: readonly string[]): number {
  const wanted = command.slice(1).join('\0');
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, user] = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      if (user === userId && args.join('\0') === wanted) return Number(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error('The server in the image is not among the processes.');
}

async function untilReady(port: number, server: { readonly exitCode: number | null }): Promise<void> {
  for (let waited = 0; waited < readyMsMax; waited += pollMs) {
    if (server.exitCode !== null) throw new Error(`The server in the image ended with ${server.exitCode}.`);
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await pause(pollMs);
  }
  throw new Error(`The server in the image was not ready after ${readyMsMax / 60_000} minutes.`);
}

try {
  const began = performance.now();
  const named = process.env.IMAGE_BASE;
  if (named === undefined) step('base from Debian and the pinned Node');
  const base = named ?? makeBase();
  const own = named === undefined ? ['--build-arg', `NODE_EXTRA_CA_CERTS=${certificates}`] : [];
  step(`build on ${base}`);
  const pull = named === undefined ? ['--pull-never'] : [];
  // Docker's format, because the other one has no HEALTHCHECK.
  const build = [
    'build',
    '--format',
    'docker',
    '--isolation',
    'chroot',
    ...pull,
    '--build-arg',
    `BASE=${base}`,
    ...own,
  ];
  buildah([...build, '-t', 'localhost/watchkeeper', '.'], 'inherit');
  const container = buildah(['from', '--pull-never', 'localhost/watchkeeper']);
  const added = sizeOf(container) - sizeOf(buildah(['from', '--pull-never', base]));
  step(`${Math.ceil(added / mebibyte)} MiB over the base (at most ${addedMbMax})`);
  if (added > addedMbMax * mebibyte) throw new Error('The image is too large.');
  step(`start as user ${userId}`);
  await tryOut(container);
  step(`the image is well; ${Math.round((performance.now() - began) / 1000)} s`);
} finally {
  try {
    buildah(['rm', '--all']);
  } finally {
    removeScratch(scratch);
  }
}
