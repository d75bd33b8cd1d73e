import pg from 'pg';
import type { TestApp } from './app.ts';

let made = 0;

/**
 * Rows of `table` for which `condition` holds (of `new`) are refused, as PostgreSQL refuses what it cannot hold
 * (SQLSTATE 22000, or `state`): the bad row of a batch, without knowing which value does it in this version.
 */
export async function poisonWhere(
  house: TestApp,
  table: string,
  condition: string,
  state = '22000',
): Promise<AsyncDisposable> {
  made += 1;
  const name = `poison_${made}`;
  const owner = new pg.Client({ connectionString: house.database.url });
  await owner.connect();
  await owner.query(`
    create function ${name}() returns trigger language plpgsql as $$
      begin raise exception 'poisoned' using errcode = '${state}'; end $$;
    create trigger ${name} before insert or update on ${table} for each row when (${condition}) execute function ${name}()`);
  return {
    async [Symbol.asyncDispose]() {
      await owner.query(`drop trigger ${name} on ${table}; drop function ${name}()`);
      await owner.end();
    },
  };
}
