import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, errorCode, explained } from './errors.ts';

/** The address of the running or last database. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly directory: string }
  | { readonly kind: 'tcp'; readonly port: number };

/** Facts for the next start, and for commands beside the server. Kept in DATA_DIR, mode 0600. */
export interface State {
  readonly password: string;
  /** Null: `postgres` inside DATA_DIR, so that DATA_DIR can be moved as a whole. */
  readonly clusterDir: string | null;
  readonly endpoint: Endpoint | null;
}

export const ownerRole = 'watchkeeper';
export const databaseName = 'watchkeeper';
/** Part of the socket file's name. No TCP port is opened. */
export const socketPort = 5432;

export function statePath(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Undefined when there was no start yet. */
export async function readState(dataDir: string): Promise<State | undefined> {
  const path = statePath(dataDir);
  return explained(path, async () => {
    const text = await readFile(path, 'utf8').catch((error) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? undefined : parseState(text, path);
  });
}

export async function writeState(dataDir: string, state: State): Promise<void> {
  const path = statePath(dataDir);
  const content = { password: state.password, cluster_dir: state.clusterDir, endpoint: state.endpoint };
  await explained(path, async () => {
    await writeFile(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  });
}

function parseState(text: string, path: string): State {
  const unreadable = new EmbeddedPostgresError(
    `${path} cannot be read: remove it, and the next start writes a new one.`,
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable;
  }
  if (typeof value !== 'object' || value === null) throw unreadable;
  if (!('password' in value) || typeof value.password !== 'string') throw unreadable;
  const clusterDir =
    'cluster_dir' in value && typeof value.cluster_dir === 'string' ? value.cluster_dir : null;
  return {
    password: value.password,
    clusterDir,
    endpoint: 'endpoint' in value ? parseEndpoint(value.endpoint) : null,
  };
}

function parseEndpoint(value: unknown): Endpoint | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  if (value.kind === 'socket' && 'directory' in value && typeof value.directory === 'string') {
    return { kind: 'socket', directory: value.directory };
  }
  if (value.kind === 'tcp' && 'port' in value && typeof value.port === 'number')
    return { kind: 'tcp', port: value.port };
  return null;
}
