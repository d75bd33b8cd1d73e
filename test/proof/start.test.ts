import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, scratchDir } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const root = new URL('../..', import.meta.url);
const readyMs = 60_000;
const endMs = 20_000;

test('a SIGTERM to the process of `npm start` alone ends the server, too', async () => {
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
    // A group of its own, so that a failed test leaves nothing behind.
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
