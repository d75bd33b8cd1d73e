import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { bossSchema, migrationsFolder } from './migrate.ts';
import { systemRole, tenantRole } from './roles.ts';
import { requireSessions } from './session.ts';

interface State {
  readonly names: readonly string[];
  readonly boss: number | null;
  readonly granted: boolean;
}

/**
 * Whether there is nothing to bring up to date. Looks only, and costs a fraction of `migrateUp`: a pass from cron asks
 * it each minute. Whatever cannot be read counts as not current, so that `migrateUp` mends it or says what is wrong.
 */
export async function isSchemaCurrent(url: string): Promise<boolean> {
  await requireSessions(url);
  const client = new pg.Client({ connectionString: url, application_name: 'watchkeeper-migrate' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // That both may be taken on, not only that they are there.
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

/** Asked one by one: of a list PostgreSQL says yes when one of them is held. */
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
    .filter((file) => /\.ts$/.test(file))
    .map((file) => path.basename(file, '.ts'))
    .sort();
}

/** Of the library, without loading it. Safe because the library itself reads this field at its start. */
function bossVersion(): number {
  const own = createRequire(import.meta.url)('pg-boss/package.json') as { pgboss: { schema: number } };
  return own.pgboss.schema;
}
