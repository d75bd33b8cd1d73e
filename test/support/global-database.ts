import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrateUp } from '#platform/db/migrate';
import { createLogger } from '#platform/log';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner URL of the server the suite runs on. */
    databaseServer: string;
  }
}

export const templateName = 'watchkeeper_template';

/**
 * One PostgreSQL for the run: the server named by TEST_DATABASE_URL, else an embedded one in a scratch
 * folder. Each test file copies its database from a migrated template in milliseconds.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env.TEST_DATABASE_URL;
  const scratch = await mkdtemp(path.join(tmpdir(), 'watchkeeper-test-'));
  const embedded = external === undefined ? await startScratchServer(scratch) : undefined;
  const url = external ?? embedded?.url ?? '';
  await recreateTemplate(url);
  project.provide('databaseServer', url);
  return async () => {
    await embedded?.stop();
    await rm(scratch, { recursive: true, force: true });
  };
}

async function startScratchServer(dataDir: string) {
  const { startEmbeddedPostgres } = await import('#platform/db/embedded/embedded');
  // A scratch cluster need not survive a power cut.
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };
  return await startEmbeddedPostgres({ dataDir, log: createLogger({ level: 'warn' }), settings });
}

async function recreateTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Two projects of one run may share the server: the second finds the template and keeps it.
  await client.query('select pg_advisory_lock(72616)');
  const { rows } = await client.query(`select from pg_database where datname = '${templateName}'`);
  if (rows.length === 0 || process.env.TEST_DATABASE_URL !== undefined) {
    await client.query(`drop database if exists ${templateName}_old`);
    if (rows.length === 0) await client.query(`create database ${templateName}`);
    await migrateUp(databaseUrl(url, templateName));
  }
  await client.query('select pg_advisory_unlock(72616)');
  await client.end();
}

export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}
