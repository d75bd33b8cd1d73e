import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError, errorCode, explained } from './errors.ts';
import { notVisible } from './orphan.ts';
import { isAlive, pidNamespace, startToken } from './process-info.ts';

interface Holder {
  readonly pid: number;
  readonly started: string | null;
  readonly namespace: string | null;
  /** Unique per lock, so that a new lock is not confused with the stale one that was judged. */
  readonly nonce: string;
}

export interface DataDirLock {
  release(): Promise<void>;
}

const attemptsMax = 200;
const attemptPauseMs = 25;
/** Replacing a stale lock takes milliseconds. A turn older than this was left by a process that died. */
const turnMsMax = 10_000;

/**
 * One server process per DATA_DIR. PostgreSQL guards its own directory. But without this lock, a second server would
 * take the first one's database for an orphan and stop it.
 */
export async function lockDataDir(
  dataDir: string,
  databaseAnswers: () => Promise<boolean>,
): Promise<DataDirLock> {
  const path = join(dataDir, 'postgres.lock');
  const own: Holder = {
    pid: process.pid,
    started: await startToken(process.pid),
    namespace: await pidNamespace(),
    nonce: randomUUID(),
  };
  return explained(dataDir, async () => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (await create(path, own)) return { release: () => release(path, own) };
      const holder = await readHolder(path);
      const foreign = holder !== undefined && holder.namespace !== own.namespace;
      // Its pid cannot be checked from here, but its database can be asked.
      if (foreign && (await databaseAnswers())) throw notVisible(dataDir);
      if (holder !== undefined && !foreign && (await holds(holder))) throw heldBy(holder, dataDir);
      if (await replaceStale(path, holder, own)) return { release: () => release(path, own) };
      await delay(attemptPauseMs);
    }
    throw new EmbeddedPostgresError(
      `${path} changes hands again and again: is another server starting on ${dataDir}?`,
    );
  });
}

function heldBy(holder: Holder, dataDir: string): EmbeddedPostgresError {
  const who = holder.pid === process.pid ? 'this very process' : 'another Watchkeeper server';
  return new EmbeddedPostgresError(
    `${dataDir} is in use by ${who} (pid ${holder.pid}): stop that one first, or set DATA_DIR to another directory.`,
  );
}

async function holds(holder: Holder): Promise<boolean> {
  if (!(await isAlive(holder.pid))) return false;
  return holder.started === null || holder.started === (await startToken(holder.pid));
}

/** Creates the lock file with its full content at once, so that nobody reads an incomplete one. */
async function create(path: string, own: Holder): Promise<boolean> {
  const draft = `${path}.${own.nonce}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // Some shared folders do not support hard links.
    return await writeFile(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 }).then(
      () => true,
      (second) => {
        if (errorCode(second) === 'EEXIST') return false;
        throw second;
      },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Replaces a stale lock. Only the process whose turn it is may remove a foreign lock, so a new lock is never removed in
 * place of the stale one. Returns false when another process was faster.
 */
async function replaceStale(path: string, judged: Holder | undefined, own: Holder): Promise<boolean> {
  const turn = `${path}.turn`;
  if (!(await takeTurn(turn))) return false;
  try {
    const still = await readHolder(path);
    if (still?.nonce !== judged?.nonce) return false;
    await rm(path, { force: true });
    return await create(path, own);
  } finally {
    await rm(turn, { force: true });
  }
}

async function takeTurn(turn: string): Promise<boolean> {
  try {
    await writeFile(turn, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const left = await stat(turn).catch(() => undefined);
  if (left !== undefined && Date.now() - left.mtimeMs > turnMsMax) await rm(turn, { force: true });
  return false;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  return parseHolder(text);
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('pid' in value && typeof value.pid === 'number' && Number.isInteger(value.pid) && value.pid > 0))
      return undefined;
    const started = 'started' in value && typeof value.started === 'string' ? value.started : null;
    const namespace = 'namespace' in value && typeof value.namespace === 'string' ? value.namespace : null;
    const nonce = 'nonce' in value && typeof value.nonce === 'string' ? value.nonce : '';
    return { pid: value.pid, started, namespace, nonce };
  } catch {
    // An incomplete file after a power cut: nobody holds the lock.
    return undefined;
  }
}

async function release(path: string, own: Holder): Promise<void> {
  const holder = await readHolder(path).catch(() => undefined);
  if (holder?.nonce === own.nonce) await rm(path, { force: true });
}
