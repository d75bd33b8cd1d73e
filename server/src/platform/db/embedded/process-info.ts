import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemClock } from '../../clock.ts';
import { errorCode } from './errors.ts';

const run = promisify(execFile);
const pollMs = 15;
const psTimeoutMs = 5_000;

/** Whether the process exists. A zombie counts as gone, because in a container it may stay forever. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists, but belongs to another user.
    if (errorCode(error) !== 'EPERM') return false;
  }
  const stat = await readStat(pid);
  return stat === undefined || stat.state !== 'Z';
}

/** Waits for the end of a process that need not be our child. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = systemClock.monotonic() + timeoutMs;
  while (systemClock.monotonic() < deadline) {
    if (!(await isAlive(pid))) return true;
    await delay(pollMs);
  }
  return !(await isAlive(pid));
}

/**
 * Identifies one use of a pid, so that a new process with the same pid is not mistaken for the old one. Null where the
 * system does not say (Windows).
 */
export async function startToken(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readStat(pid);
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return stat === undefined ? null : `${boot.trim()}:${stat.startTicks}`;
  }
  if (process.platform === 'win32') return null;
  return (await ps(pid, 'lstart=')) || null;
}

/** The pid namespace: pids of another one (container) have no meaning here. Null where there are none. */
export async function pidNamespace(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(() => null);
}

/** Whether `pid` is a postmaster on `clusterDir`; null where the system does not show command lines. */
export async function isPostmasterOn(pid: number, clusterDir: string): Promise<boolean | null> {
  const argv = await commandLine(pid);
  if (argv === null) return null;
  const [program = ''] = argv;
  const directory = argv[argv.indexOf('-D') + 1];
  return basename(program).startsWith('postgres') && directory === clusterDir;
}

async function commandLine(pid: number): Promise<string[] | null> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
    return text === null ? null : text.split('\0');
  }
  if (process.platform === 'win32') return null;
  const line = await ps(pid, 'command=');
  if (line === '') return null;
  // ps joins arguments with spaces. After the directory come our own arguments, starting with " -c ".
  const match = /^(\S.*?) -D (.+?) -c /.exec(line);
  return match === null ? [line] : [match[1] ?? '', '-D', match[2] ?? ''];
}

async function ps(pid: number, column: string): Promise<string> {
  const result = await run('ps', ['-ww', '-o', column, '-p', String(pid)], { timeout: psTimeoutMs }).catch(
    () => null,
  );
  return result === null ? '' : result.stdout.trim();
}

async function readStat(pid: number): Promise<{ state: string; startTicks: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name in parentheses may contain spaces and parentheses, so fields are counted from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}
