import type { Stats } from 'node:fs';
import { lchown, lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './errors.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

const read = 4;
const traverse = 1;

function permits(entry: Stats, who: Identity, bits: number): boolean {
  const shift = entry.uid === who.uid ? 6 : entry.gid === who.gid ? 3 : 0;
  return ((entry.mode >> shift) & bits) === bits;
}

/** Whether `who`, without special privileges, can enter the directory `path`, by its mode bits. */
export async function canEnter(path: string, who: Identity): Promise<boolean> {
  let current = await realpath(path);
  for (;;) {
    if (!permits(await stat(current), who, traverse)) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

export async function canReadFile(path: string, who: Identity, executable: boolean): Promise<boolean> {
  const real = await realpath(path);
  return (
    permits(await stat(real), who, executable ? read | traverse : read) &&
    (await canEnter(dirname(real), who))
  );
}

/** Gives a whole tree to `who`. Changes links themselves, not their targets. */
export async function chownTree(path: string, who: Identity): Promise<void> {
  const entry = await lstat(path);
  if (entry.uid !== who.uid || entry.gid !== who.gid) await lchown(path, who.uid, who.gid);
  if (!entry.isDirectory()) return;
  for (const name of await readdir(path)) await chownTree(join(path, name), who);
}

/** Undefined when nothing exists there. */
export async function statIfPresent(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
