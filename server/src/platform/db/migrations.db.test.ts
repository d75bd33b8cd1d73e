import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../../../test/support/database.ts';
import { migrateDown, migrateUp, migrationStatus, openOwner } from './migrate.ts';
import { dumpSchema } from './schema-dump.ts';
import { isSchemaCurrent } from './schema-state.ts';

async function schemaOf(url: string): Promise<string> {
  const owner = openOwner(url);
  try {
    return await dumpSchema(owner);
  } finally {
    await owner.destroy();
  }
}

test('migrations go up from empty, down to empty, and up again to the same schema', async () => {
  await using database = await emptyDatabase();
  const applied = await migrateUp(database.url);
  expect(applied.length).toBeGreaterThan(0);
  const first = await schemaOf(database.url);
  expect(await migrateUp(database.url)).toEqual([]);
  for (const name of applied.toReversed()) expect(await migrateDown(database.url)).toEqual([name]);
  expect(await schemaOf(database.url)).not.toMatch(/create table/);
  expect((await migrationStatus(database.url)).every((migration) => migration.executedAt === undefined)).toBe(
    true,
  );
  expect(await migrateUp(database.url)).toEqual(applied);
  expect(await schemaOf(database.url)).toBe(first);
});

test('two processes that migrate at once both end well', async () => {
  await using database = await emptyDatabase();
  const both = await Promise.all([migrateUp(database.url), migrateUp(database.url)]);
  expect(both.flat().length).toBeGreaterThan(0);
  expect((await migrationStatus(database.url)).every((migration) => migration.executedAt !== undefined)).toBe(
    true,
  );
});

test('every table with rows of tenants is behind row-level security and grants nothing to the public', async () => {
  await using database = await emptyDatabase();
  await migrateUp(database.url);
  const schema = await schemaOf(database.url);
  const tables = schema.split('\n\n').filter((part) => part.startsWith('create table'));
  expect(tables.length).toBeGreaterThan(15);
  for (const table of tables) {
    if (!/^ {2}organization_id uuid/m.test(table)) continue;
    expect(table, table.slice(0, 60)).toMatch(/enable row level security/);
    expect(table).not.toMatch(/to public/i);
  }
});

test('a pass need not migrate when the schema is that of this release, and must when anything is missing', async () => {
  await using database = await emptyDatabase();
  expect(await isSchemaCurrent(database.url), 'empty').toBe(false);
  await migrateUp(database.url);
  expect(await isSchemaCurrent(database.url), 'just migrated').toBe(true);

  const owner = openOwner(database.url);
  try {
    for (const loss of [
      'revoke usage on schema public from public, watchkeeper_tenant',
      'revoke usage on schema public from public, watchkeeper_system',
    ]) {
      await sql.raw(loss).execute(owner);
      expect(await isSchemaCurrent(database.url), loss).toBe(false);
      await migrateUp(database.url);
      expect(await isSchemaCurrent(database.url), 'mended').toBe(true);
    }
  } finally {
    await owner.destroy();
  }
  await migrateDown(database.url);
  expect(await isSchemaCurrent(database.url), 'one migration back').toBe(false);
});
