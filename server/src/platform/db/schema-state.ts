import { readdir } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { codeEnding, migrationsFolder } from '../places.ts';
import { systemRole, tenantRole } from './roles.ts';
import { requireSessions } from './session.ts';

interface State {
  readonly names: readonly string[];
  readonly granted: boolean;
  /** Of the release before; the next start takes it over. */
  readonly olderQueue: boolean;
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
    return state?.granted === true && !state.olderQueue && state.names.join(' ') === wanted.join(' ');
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const stateQuery = `
  select (select array_agg(name::text order by name::text collate "C") from kysely_migration) as names,
    has_schema_privilege('${tenantRole}', 'public', 'usage')
      and has_schema_privilege('${systemRole}', 'public', 'usage') as granted,
    to_regclass('pgboss.job') is not null as "olderQueue"`;

async function namesOfFiles(): Promise<string[]> {
  const files = await readdir(migrationsFolder);
  return files
    .filter((file) => file.endsWith(codeEnding))
    .map((file) => path.basename(file, codeEnding))
    .sort();
}
