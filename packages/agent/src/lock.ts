import path from 'node:path';
import { builtin } from './builtin.ts';

const { mkdirSync, readFileSync, rmSync, writeFileSync } = builtin('node:fs');

/** Only one agent per folder: two would send each other's heartbeats. @throws Error that names the other process. */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'pid');
  const other = readPid(file);
  if (other !== undefined && other !== process.pid && isAlive(other))
    throw new Error(
      `Another agent (process ${other}) uses ${dataDir}: stop it, or set WATCHKEEPER_DATA_DIR.`,
    );
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
