import { copyFile, type FileHandle, open, rename, stat, truncate } from 'node:fs/promises';
import { explained } from './errors.ts';

/** One full file and the one before it: about 16 MB at most. */
export const logBytesMax = 8 * 1024 * 1024;
const checkEveryMs = 60_000;
const tailBytesMax = 16 * 1024;

/** PostgreSQL's own log. A file, so that it stays when our process dies. */
export interface ServerLog {
  readonly path: string;
  /** Opens it for one run of the server. `output` reads that run's output. */
  openRun(): Promise<LogRun>;
  /** Limits the size of the file while the server writes. */
  watch(): { end(): void };
}

export interface LogRun {
  readonly fd: number;
  close(): Promise<void>;
  output(): Promise<string>;
}

export function createServerLog(path: string): ServerLog {
  return {
    path,
    async openRun() {
      return explained(path, async () => {
        if ((await size(path)) > logBytesMax) await rename(path, `${path}.1`);
        const handle = await open(path, 'a', 0o600);
        const { size: from } = await handle.stat();
        return { fd: handle.fd, close: () => handle.close(), output: () => readFrom(path, from) };
      });
    },
    watch() {
      // The disk may be full or gone: then the log does not matter.
      const timer = setInterval(() => void bound(path).catch(() => undefined), checkEveryMs);
      timer.unref();
      return { end: () => clearInterval(timer) };
    },
  };
}

/** Copies and truncates in place. The server appends, so it continues at the new end. */
export async function bound(path: string, bytesMax: number = logBytesMax): Promise<void> {
  if ((await size(path)) <= bytesMax) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}

async function size(path: string): Promise<number> {
  return stat(path).then(
    (entry) => entry.size,
    () => 0,
  );
}

async function readFrom(path: string, from: number): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const { size: end } = await handle.stat();
    const start = Math.max(from > end ? 0 : from, end - tailBytesMax);
    const buffer = Buffer.alloc(end - start);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } catch {
    return '';
  } finally {
    await handle?.close();
  }
}
