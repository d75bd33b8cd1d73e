import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '#platform/db/database';
import { createLogger } from '#platform/log';
import { databaseUrl, templateName } from './global-database.ts';

export interface TestDatabase extends AsyncDisposable {
  /** Owner URL of a fresh, migrated database that only this test file uses. */
  readonly url: string;
  readonly db: Database;
  close(): Promise<void>;
}

const createTries = 20;

/** A new migrated database, cloned from the run's template. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('databaseServer');
  const name = `wk_${randomBytes(6).toString('hex')}`;
  await onServer(server, (client) => createFromTemplate(client, name));
  const url = databaseUrl(server, name);
  const db = openDatabase({
    url,
    poolMax: 8,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 30_000,
    log: createLogger({ level: 'silent' }),
  });
  const close = async () => {
    await db.close();
    await onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
  };
  return { url, db, close, [Symbol.asyncDispose]: close };
}

/** An empty database, for tests that build one from scratch. */
export async function emptyDatabase(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = inject('databaseServer');
  const name = `wk_${randomBytes(6).toString('hex')}`;
  await onServer(server, (client) => client.query(`create database ${name} template template0`));
  return {
    url: databaseUrl(server, name),
    async [Symbol.asyncDispose]() {
      await onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** PostgreSQL refuses to copy a template while another copy of it runs. */
async function createFromTemplate(client: pg.Client, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Copying files costs a third of copying through the write-ahead log.
      await client.query(`create database ${name} template ${templateName} strategy file_copy`);
      return;
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === '55006';
      if (!busy || attempt === createTries) throw error;
      await client.query('select pg_sleep(0.05)');
    }
  }
}

async function onServer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
