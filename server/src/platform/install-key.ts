import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import type { Database } from './db/database.ts';
import { AppError } from './errors.ts';
import { newId } from './ids.ts';
import type { Vault } from './vault.ts';

const keyFile = 'secret.key';
const checkText = 'watchkeeper';

/**
 * The install's key: from SECRET_KEY, else from DATA_DIR, where the first start generates it with mode
 * 0600.
 * @throws AppError when there is none and none may be created.
 */
export async function loadInstallKey(
  config: { secretKey: string | undefined; dataDir: string },
  { mayCreate }: { mayCreate: boolean },
): Promise<Buffer> {
  if (config.secretKey !== undefined) return createHash('sha256').update(config.secretKey).digest();
  const file = path.join(config.dataDir, keyFile);
  if (mayCreate) await createKey(file);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) throw noKey(file);
    throw error;
  });
  return createHash('sha256').update(text.trim()).digest();
}

async function createKey(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    // `wx`: of two processes that start at once, one writes and both read the same key.
    await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

function noKey(file: string): AppError {
  return new AppError(
    'conflict',
    `${file} is not there, and SECRET_KEY is not set: give this process the DATA_DIR or the SECRET_KEY of the server that works on this database.`,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Refuses to run with another key than the one that encrypted this database's secrets. */
export async function checkInstallKey(db: Database, vault: Vault, now: Date): Promise<void> {
  const sealed = await db.system(async (tx) => {
    await sql`insert into install (id, key_check, created_at) values (${newId()}, ${vault.seal(checkText)}, ${now}) on conflict do nothing`.execute(
      tx,
    );
    const { rows } = await sql<{ key_check: string }>`select key_check from install`.execute(tx);
    return rows[0]?.key_check ?? '';
  });
  try {
    if (vault.open(sealed) === checkText) return;
  } catch {
    // Sealed under another key.
  }
  throw new AppError(
    'conflict',
    'This database was set up with another secret key. Set SECRET_KEY to the same value on every process, or bring back DATA_DIR/secret.key.',
  );
}
