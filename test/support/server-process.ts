import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../scripts/server-process.mjs';
import { toldAtOnce } from './told-at-once.ts';
import { waitFor } from './wait-for.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** As it is shipped in `npm test` and `npm run bench`; a test file that is run alone takes the sources. */
export const serverMain =
  process.env.SERVER_MAIN ?? fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const logTailLines = 60;

export const processKey = 'wk_process_bootstrap_key_0123456789abcdef';

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** The newest lines of its log, for the message of a failed test. */
  log(): string;
  call(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<{ status: number; headers: Headers; body: unknown }>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export async function scratchDir(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-proc-'));
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The real program, as `npm start` runs it, ready to serve. */
export async function startServer(
  env: Record<string, string>,
  readyMs = 240_000,
  serveArgs: readonly string[] = [],
): Promise<ServerProcess> {
  const lines: string[] = [];
  const child: ChildProcess = spawn(process.execPath, [...nodeFlags, serverMain, 'serve', ...serveArgs], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      HOST: '127.0.0.1',
      BOOTSTRAP_API_KEY: processKey,
      RATE_LIMIT_PER_MINUTE: '10000000',
      ...toldAtOnce,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const keep = (chunk: Buffer) => {
    lines.push(
      ...chunk
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
    lines.splice(0, Math.max(0, lines.length - logTailLines));
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ended = () => child.exitCode ?? child.signalCode;
  const url = `http://127.0.0.1:${env.PORT}`;
  const server: ServerProcess = {
    url,
    pid: child.pid ?? 0,
    log: () => lines.join('\n'),
    async call(method, path, body, token = processKey) {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      return {
        status: response.status,
        headers: response.headers,
        body: await response.json().catch(() => null),
      };
    },
    async kill(signal) {
      child.kill(signal);
      await gone;
    },
  };
  try {
    await waitFor(
      'the server to be ready',
      async () => {
        return ended() !== null || (await fetch(`${url}/health/ready`)).ok;
      },
      readyMs,
    );
    if (ended() !== null) throw new Error(`the server ended with ${ended()}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`The server did not become ready:\n${server.log()}`, { cause: error });
  }
  return server;
}
