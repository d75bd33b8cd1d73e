import path from 'node:path';
import { builtin } from './builtin.ts';

const { mkdirSync, readFileSync, renameSync, writeFileSync } = builtin('node:fs');

/** Numbers reserved at once, so that the file is written only once per this many heartbeats. */
const blockSize = 100;

export interface Sequence {
  next(): number;
}

/**
 * Numbers that keep rising over restarts. They start at the seconds since 1970. With at most one heartbeat per second,
 * even a machine whose folder was lost continues above the numbers that it sent before.
 */
export function openSequence(dataDir: string, now = Date.now): Sequence {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'sequence');
  let next = Math.max(readReserved(file), Math.floor(now() / 1_000));
  let reserved = next;

  return {
    next() {
      if (next >= reserved) {
        reserved = next + blockSize;
        writeFileSync(`${file}.new`, `${reserved}\n`);
        renameSync(`${file}.new`, file);
      }
      return next++;
    },
  };
}

function readReserved(file: string): number {
  try {
    const reserved = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(reserved) ? reserved : 0;
  } catch {
    return 0;
  }
}
