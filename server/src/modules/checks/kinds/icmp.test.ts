import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { overdueWork } from '#platform/outbound/signal';
import { probe } from '../checks.fixture.ts';

// Answers of other systems' ping programs. Debian's own is run in the proof tests.

let folder: string;
const before = process.env.PATH;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-ping-'));
  process.env.PATH = `${folder}:${before}`;
});
afterEach(() => {
  process.env.PATH = before;
  rmSync(folder, { recursive: true });
});

function install(script: string): void {
  const file = path.join(folder, 'ping');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const german = `if [ "$LC_ALL" = C ]; then word=time; else word=Zeit; fi
echo "64 Bytes von 127.0.0.1: icmp_seq=1 ttl=64 $word=0.042 ms"`;
const busybox = `case "$1" in -n) echo "ping: invalid option -- 'n'" >&2; echo "Usage: ping [OPTIONS] HOST" >&2; exit 1;; esac
echo "64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.042 ms"`;

test.each([
  ['of a German system', german, '127.0.0.1 answered in 0.042 ms.'],
  ['that writes a comma', 'echo "64 bytes from 127.0.0.1: time=0,042 ms"', '127.0.0.1 answered in 0.042 ms.'],
  ['of busybox', busybox, '127.0.0.1 answered in 0.042 ms.'],
  ['that prints no time', 'echo "1 packets transmitted, 1 received"', '127.0.0.1 answered.'],
])('an answer is recognized, by a ping %s', async (_which, script, reason) => {
  install(script);
  expect(await probe('icmp', { host: '127.0.0.1' })).toMatchObject({ outcome: 'ok', reason });
});

test('a ping without an answer that does not end is stopped at the deadline of the check', async () => {
  const file = path.join(folder, 'pid');
  install(`echo $$ > ${file}; exec sleep 600`);
  expect(await probe('icmp', { host: '127.0.0.1' }, { timeoutMs: 5_000 })).toMatchObject({
    outcome: 'failed',
    reason: 'No complete answer within 5000 ms.',
  });
  const pid = Number(readFileSync(file, 'utf8'));
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  expect(overdueWork(Number.POSITIVE_INFINITY).size).toBe(0);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each([
  [
    'that gets no answer',
    'echo "1 packets transmitted, 0 received, 100% packet loss"; exit 1',
    'failed',
    /did not answer/,
  ],
  [
    'without the right to send',
    'echo "ping: permission denied (are you root?)" >&2; exit 1',
    'unable',
    /may not send ICMP/,
  ],
  [
    'that does not know our options',
    'echo "usage: ping host" >&2; exit 2',
    'unable',
    /does not take our options/,
  ],
])('no answer by a ping %s has the right reason', async (_which, script, outcome, reason) => {
  install(script);
  expect(await probe('icmp', { host: '127.0.0.1' })).toMatchObject({
    outcome,
    reason: expect.stringMatching(reason),
  });
});
