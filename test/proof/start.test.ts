import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { nodeFlags } from '../../scripts/server-process.mjs';
import { testDatabase } from '../support/database.ts';
import { freePort, scratchDir, serverMain } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const root = new URL('../..', import.meta.url);
const readyMs = 240_000;
const endMs = 60_000;

test('a SIGTERM to only the process of `npm start` also ends the server', async () => {
  await using data = await scratchDir();
  const port = await freePort();
  const npm = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: data.path,
      HOST: '127.0.0.1',
      PORT: String(port),
    },
    stdio: 'ignore',
    // A process group of its own, so that a failed test leaves nothing behind.
    detached: true,
  });
  const { pid } = npm;
  if (pid === undefined) throw new Error('npm did not start.');
  onTestFinished(() => endGroup(pid));
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  await waitFor('the server to be ready', answers, readyMs);
  const gone = once(npm, 'exit');
  npm.kill('SIGTERM');
  await gone;
  await waitFor('the server to be gone', async () => !(await answers()) && !hasGroup(pid), endMs);
  expect(hasGroup(pid)).toBe(false);
});

test('a start that fails late leaves no process that answers requests but watches nothing', async () => {
  await using data = await scratchDir();
  // The first requests of the demonstration are refused, after the server has begun to listen.
  const ended = await serve(['--demo'], {
    DATA_DIR: data.path,
    PORT: String(await freePort()),
    RATE_LIMIT_PER_MINUTE: '10',
  });
  expect(ended.said).toContain('rate_limited');
  expect(ended.code).toBe(1);
});

test('a taken port is reported in one line, and no process stays', async () => {
  await using data = await scratchDir();
  const database = await testDatabase();
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(async () => {
    other.close();
    await database.close();
  });
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const ended = await serve([], { DATA_DIR: data.path, DATABASE_URL: database.url, PORT: String(port) });
  expect(ended.said).toContain('another program listens there. Set PORT to a free one.');
  expect(ended.code).toBe(1);
});

/** Runs the server until it ends by itself. */
async function serve(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, [...nodeFlags, serverMain, 'serve', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The server did not start.');
  onTestFinished(() => endGroup(pid));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = await once(child, 'close', { signal: AbortSignal.timeout(readyMs + endMs) }).catch(() => {
    throw new Error(`The server still runs:\n${said.slice(-2_000)}`);
  });
  return { code, said };
}

function hasGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

function endGroup(pid: number): void {
  if (hasGroup(pid)) process.kill(-pid, 'SIGKILL');
}
