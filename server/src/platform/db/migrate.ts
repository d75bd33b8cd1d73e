import { promises as fs } from 'node:fs';
import path from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import {
  FileMigrationProvider,
  type MigrationInfo,
  type MigrationResultSet,
  Migrator,
} from 'kysely/migration';
import pg from 'pg';
import { retireQueue } from '../older-queue.ts';
import { migrationsFolder } from '../places.ts';
import { ensureRoles, systemRole, tenantRole } from './roles.ts';
import { openSession, requireSessions } from './session.ts';

const postgresVersionMin = 150_000;

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** The owner's handle on the schema: only migrations use it. */
export function openOwner(url: string): Kysely<unknown> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    application_name: 'watchkeeper-migrate',
    onConnect: (client) => openSession(client, {}),
  });
  pool.on('error', () => undefined);
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
}

function migratorOf(db: Kysely<unknown>): Migrator {
  return new Migrator({
    db,
    provider: new FileMigrationProvider({ fs, path, migrationFolder: migrationsFolder }),
  });
}

/** Names the lock under which one process at a time changes the schema. */
const migrationLock = 7_261_648;

/** Brings an empty or older database to this release. Of several processes one does it, the others wait. */
export async function migrateUp(url: string): Promise<string[]> {
  await requireSessions(url);
  const guard = new pg.Client({ connectionString: url, application_name: 'watchkeeper-migrate' });
  await guard.connect();
  const db = openOwner(url);
  try {
    await guard.query('select pg_advisory_lock($1)', [migrationLock]);
    await requireVersion(db);
    await ensureRoles(db);
    const done = applied(await migratorOf(db).migrateToLatest());
    await grantSchema(db);
    await db.transaction().execute(retireQueue);
    return done;
  } finally {
    await db.destroy();
    // The lock goes with its session.
    await guard.end();
  }
}

/** One migration back. */
export async function migrateDown(url: string): Promise<string[]> {
  const db = openOwner(url);
  try {
    return applied(await migratorOf(db).migrateDown());
  } finally {
    await db.destroy();
  }
}

/** Whether this database was ever brought up. Looks only. */
export async function hasSchema(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'watchkeeper-migrate' });
  try {
    await client.connect();
    const { rows } = await client.query<{ found: boolean }>(
      "select to_regclass('kysely_migration') is not null as found",
    );
    return rows[0]?.found === true;
  } finally {
    await client.end();
  }
}

export async function migrationStatus(url: string): Promise<readonly MigrationInfo[]> {
  const db = openOwner(url);
  try {
    return await migratorOf(db).getMigrations();
  } finally {
    await db.destroy();
  }
}

function applied(set: MigrationResultSet): string[] {
  const failed = set.results?.find((result) => result.status === 'Error');
  if (set.error !== undefined || failed !== undefined) {
    const reason = set.error instanceof Error ? set.error.message : 'the statement failed';
    throw new MigrationError(
      `Migration ${failed?.migrationName ?? ''} failed and was rolled back: ${reason}`,
      { cause: set.error },
    );
  }
  return (set.results ?? []).map((result) => result.migrationName);
}

async function requireVersion(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ version: number; text: string }>`
    select current_setting('server_version_num')::int as version, current_setting('server_version') as text`.execute(
    db,
  );
  const found = rows[0];
  if (found === undefined || found.version < postgresVersionMin) {
    throw new MigrationError(`PostgreSQL 15 or newer is needed; this server is ${found?.text ?? 'unknown'}.`);
  }
}

async function grantSchema(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`grant usage on schema public to ${tenantRole}, ${systemRole}`).execute(db);
}
