import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log.ts';
import { EmbeddedPostgresError, errorCode, explained } from './errors.ts';
import { answersOn } from './probe.ts';
import { isAlive, isPostmasterOn } from './process-info.ts';
import type { State } from './state-file.ts';

/**
 * When the server is ended by `kill -9`, its PostgreSQL keeps running. It is stopped, not taken over. So it always runs
 * with this release's settings, abandoned transactions end, and the database is our child process, so that we notice
 * its end. A fast stop and a start take well under a second.
 * Call only while holding the DATA_DIR lock: then a database that runs here has no living server.
 */
export async function clearOrphan(options: {
  clusterDir: string;
  state: State | undefined;
  stop: (pid: number) => Promise<boolean>;
  log: Logger;
  notes: string[];
}): Promise<void> {
  const { clusterDir, state } = options;
  const pidFile = join(clusterDir, 'postmaster.pid');
  const text = await explained(pidFile, () => readIfPresent(pidFile));
  const pid = text === undefined ? undefined : parsePid(text);
  const alive = pid !== undefined && (await isAlive(pid));
  const visible = alive ? await isPostmasterOn(pid, clusterDir) : false;
  if (visible !== true) {
    const answering = await answersOn(clusterDir, state);
    if (answering && visible === false) throw notVisible(clusterDir);
    if (!answering) return alive ? disown(pidFile, text ?? '') : undefined;
  }
  options.log.warn({ pid }, 'the database of a server that was killed still runs; stopping it');
  if (pid === undefined || !(await options.stop(pid))) {
    throw new EmbeddedPostgresError(
      `The PostgreSQL of an earlier server (pid ${pid}) on ${clusterDir} does not stop: end it by hand, then start again.`,
    );
  }
  options.notes.push(`A PostgreSQL left over from a server that was killed (pid ${pid}) was stopped first.`);
}

export function notVisible(clusterDir: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `A PostgreSQL that this process cannot see (another container on the same volume?) runs on ${clusterDir}: stop that one first, or set DATA_DIR to another directory.`,
  );
}

/**
 * PostgreSQL refuses to start while the pid in its lock file exists, even if it is another program now. With our own
 * pid in the file, it treats the lock as stale (as for any parent's pid), and still checks the old shared memory.
 */
async function disown(pidFile: string, text: string): Promise<void> {
  await explained(pidFile, async () => {
    if (process.platform === 'win32') return rm(pidFile, { force: true });
    return writeFile(pidFile, text.replace(/^-?\d+/, String(process.pid)));
  });
}

async function readIfPresent(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

function parsePid(text: string): number | undefined {
  // Negative in single-user mode.
  const pid = Math.abs(Number.parseInt(text, 10));
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}
