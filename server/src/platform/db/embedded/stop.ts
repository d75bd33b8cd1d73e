import { errorCode } from './errors.ts';
import { waitUntilGone } from './process-info.ts';
import type { Command } from './tool.ts';
import { runToEnd } from './tool.ts';

/** Sessions are ended, then a checkpoint is written. With 256 MB of buffers on a slow disk, this takes seconds. */
export const fastStopMs = 20_000;
/** Without a checkpoint: the next start replays the log. */
export const immediateStopMs = 5_000;
export const killWaitMs = 5_000;

const steps: readonly { signal: NodeJS.Signals; waitMs: number }[] = [
  { signal: 'SIGINT', waitMs: fastStopMs },
  { signal: 'SIGQUIT', waitMs: immediateStopMs },
  { signal: 'SIGKILL', waitMs: killWaitMs },
];

/** Ends a postmaster: fast, then immediate, then by force. Returns false when it still exists. */
export async function stopPostmaster(pid: number): Promise<boolean> {
  for (const { signal, waitMs } of steps) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      return errorCode(error) === 'ESRCH';
    }
    if (await waitUntilGone(pid, waitMs)) return true;
  }
  return false;
}

/** Windows cannot send signals. PostgreSQL listens on a pipe that only pg_ctl knows. */
export async function stopByTool(command: (mode: 'fast' | 'immediate') => Command): Promise<boolean> {
  for (const { mode, waitMs } of [
    { mode: 'fast', waitMs: fastStopMs },
    { mode: 'immediate', waitMs: immediateStopMs },
  ] as const) {
    const result = await runToEnd(command(mode), waitMs).catch(() => null);
    if (result?.code === 0) return true;
  }
  return false;
}
