import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';

let house: TestApp;
let operator: pg.Client;

beforeAll(async () => {
  house = await testApp();
  operator = new pg.Client({ connectionString: house.database.url });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
  await house.close();
});

test('a connection that is cut between two statements of a transaction fails that transaction and nothing else', async () => {
  const work = house.ctx.db.system(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    const pid = rows[0]?.pid;
    await operator.query('select pg_terminate_backend($1)', [pid]);
    await waitFor('the backend to be gone', async () => {
      const { rowCount } = await operator.query('select from pg_stat_activity where pid = $1', [pid]);
      return rowCount === 0;
    });
    await sql`select 1`.execute(tx);
  });
  await expect(work).rejects.toMatchObject({ code: 'database_unavailable' });
  const { rows } = await house.ctx.db.system((tx) => sql<{ one: number }>`select 1 as one`.execute(tx));
  expect(rows).toEqual([{ one: 1 }]);
});
