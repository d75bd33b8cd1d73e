import path from 'node:path';
import { builtin } from './builtin.ts';

const { mkdirSync, readFileSync, renameSync, writeFileSync } = builtin('node:fs');

/** Numbers put aside at once, so that the file is written once in so many heartbeats. */
const blockSize = 100;

export interface Sequence {
  next(): number;
}

/**
 * Numbers that rise over restarts. They begin at the seconds since 1970: with at most one heartbeat a second,
 * even a machine whose folder was lost goes on above what it sent before.
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
