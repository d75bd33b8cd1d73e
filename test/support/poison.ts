import pg from 'pg';
import type { TestApp } from './app.ts';

let made = 0;

/**
 * Makes PostgreSQL refuse the rows of `table` that meet `condition` (on `new`), with SQLSTATE 22000 or `state`:
 * a bad row of a batch, whichever values this version refuses by itself.
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
