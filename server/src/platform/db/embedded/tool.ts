import { type ChildProcess, spawn } from 'node:child_process';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

export interface ToolResult {
  /** Null when a signal (or our time limit) ended it. */
  readonly code: number | null;
  /** Standard output and error in order of arrival. */
  readonly output: string;
}

const outputCharsMax = 64 * 1024;

/**
 * The environment for the programs, instead of the caller's: its PGDATA, PGPORT or a broken locale must not reach them.
 * Messages stay English, because diagnosis.ts reads them.
 */
export const toolEnvironment =
  process.platform === 'win32'
    ? undefined
    : {
        LC_ALL: 'C',
        TZ: 'UTC',
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin',
      };

export function spawnTool(
  command: Command,
  stdio: ['pipe' | 'ignore', 'pipe' | number, 'pipe' | number],
): ChildProcess {
  return spawn(command.file, command.args, {
    stdio,
    // A session of its own: Ctrl-C reaches only us, and we stop the database after the last requests.
    detached: true,
    windowsHide: true,
    cwd: process.platform === 'win32' ? undefined : '/',
    env: toolEnvironment,
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
}

/** Runs a program to its end. @throws when it cannot be started. */
export async function runToEnd(command: Command, timeoutMs: number, input = ''): Promise<ToolResult> {
  const child = spawnTool(command, ['pipe', 'pipe', 'pipe']);
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-outputCharsMax);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  // A program that ends without reading its input is judged by its exit code.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  try {
    return await new Promise<ToolResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, output }));
    });
  } finally {
    clearTimeout(limit);
  }
}
