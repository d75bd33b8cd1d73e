import { resolve } from 'node:path';
import pg from 'pg';
import { databaseName, type Endpoint, ownerRole, socketPort } from './state-file.ts';

export const loopback = '127.0.0.1';
/** Another program on our port may accept the connection and stay silent. */
const connectTimeoutMs = 2_000;

/** A URL for both node-postgres and libpq tools (psql, pg_dump). */
export function connectionUrl(endpoint: Endpoint, password: string, database: string = databaseName): string {
  const login = `${ownerRole}:${encodeURIComponent(password)}`;
  if (endpoint.kind === 'tcp') return `postgresql://${login}@${loopback}:${endpoint.port}/${database}`;
  return `postgresql://${login}@localhost:${socketPort}/${database}?host=${encodeURIComponent(endpoint.directory)}`;
}

export interface Answer {
  readonly version: string;
  readonly dataDirectory: string;
}

/** Asks the server at `endpoint` for its identity. @throws when it does not answer, or does not accept our password. */
export async function ask(endpoint: Endpoint, password: string): Promise<Answer> {
  return withClient(connectionUrl(endpoint, password, 'postgres'), async (client) => {
    const result = await client.query<{ version: string; data_directory: string }>(
      `select current_setting('server_version') as version, current_setting('data_directory') as data_directory`,
    );
    const [row] = result.rows;
    if (row === undefined) throw new Error('no answer');
    return { version: row.version, dataDirectory: row.data_directory };
  });
}

/** PostgreSQL writes paths with forward slashes, also on Windows. */
export function sameDirectory(one: string, other: string): boolean {
  return resolve(one) === resolve(other);
}

export async function ensureDatabase(endpoint: Endpoint, password: string): Promise<void> {
  await withClient(connectionUrl(endpoint, password, 'postgres'), async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  // A server that stops during this question must not end our process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
