import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { codeEnding, migrationsFolder } from '../places.ts';
import { bossSchema } from './migrate.ts';
import { systemRole, tenantRole } from './roles.ts';
import { requireSessions } from './session.ts';

interface State {
  readonly names: readonly string[];
  readonly boss: number | null;
  readonly granted: boolean;
}

/**
 * Whether the schema is up to date. Only reads, and costs a fraction of `migrateUp`, because a pass from cron asks this
 * every minute. A schema that cannot be read counts as not current: then `migrateUp` repairs it or reports the fault.
 */
export async function isSchemaCurrent(url: string): Promise<boolean> {
  await requireSessions(url);
  const client = new pg.Client({ connectionString: url, application_name: 'watchkeeper-migrate' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Checks that we may take on both roles, not only that they exist.
    for (const role of [tenantRole, systemRole]) await client.query(`set role ${role}`);
    await client.query('reset role');
    const { rows } = await client.query<State>(stateQuery);
    const [state] = rows;
    const wanted = await namesOfFiles();
    return (
      state?.granted === true && state.boss === bossVersion() && state.names.join(' ') === wanted.join(' ')
    );
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Checked one by one: for a list, PostgreSQL answers true when one of the rights is held. */
const held = [
  [systemRole, 'job', 'select'],
  [systemRole, 'job', 'insert'],
  [systemRole, 'job', 'update'],
  [systemRole, 'job', 'delete'],
  [tenantRole, 'job', 'insert'],
  [tenantRole, 'queue', 'select'],
].map(([role, table, right]) => `has_table_privilege('${role}', '${bossSchema}.${table}', '${right}')`);

const stateQuery = `
  select (select array_agg(name::text order by name::text collate "C") from kysely_migration) as names,
    (select version::int from ${bossSchema}.version) as boss,
    has_schema_privilege('${tenantRole}', 'public', 'usage') and ${held.join(' and ')} as granted`;

async function namesOfFiles(): Promise<string[]> {
  const files = await readdir(migrationsFolder);
  return files
    .filter((file) => file.endsWith(codeEnding))
    .map((file) => path.basename(file, codeEnding))
    .sort();
}

/**
 * The library's schema version, without loading the library. Safe because the library reads this field at its own
 * start.
 */
function bossVersion(): number {
  const own = createRequire(import.meta.url)('pg-boss/package.json') as { pgboss: { schema: number } };
  return own.pgboss.schema;
}
