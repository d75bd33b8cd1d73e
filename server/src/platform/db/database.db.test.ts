import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';
import type { Tx } from './database.ts';

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

test.each([
  [`select 'x'::uuid`, 'A value is not a valid id (a UUID).'],
  [`select 'x'::int`, 'A value is not a valid whole number.'],
  [`select 'x'::numeric`, 'A value is not a valid number.'],
  [`select '{"a":'::jsonb`, 'A text is not valid JSON.'],
  [String.raw`select '"\ud83d"'::jsonb`, 'Text must be well-formed Unicode.'],
  [String.raw`select '"\u0000"'::jsonb`, 'Text must not contain a NUL character.'],
  [`select '2026-02-30'::date`, 'A time in the request is out of range.'],
])('a refusal of the database has the right error: %s', async (text, words) => {
  const refused = house.ctx.db.system((tx) => sql.raw(text).execute(tx));
  await expect(refused).rejects.toMatchObject({ code: 'validation_failed', message: words });
});

test('two transactions that wait for each other both succeed', async () => {
  await operator.query('create table counters (id int primary key, n int not null)');
  await operator.query('grant select, update on counters to watchkeeper_system');
  await operator.query('insert into counters values (1, 0), (2, 0)');
  const add = (tx: Tx, id: number) => sql`update counters set n = n + 1 where id = ${id}`.execute(tx);
  const { promise: bothHold, resolve } = Promise.withResolvers<void>();
  let holding = 0;
  const inOrder = (first: number, second: number) =>
    house.ctx.db.system(async (tx) => {
      await add(tx, first);
      holding += 1;
      if (holding === 2) resolve();
      await bothHold;
      await add(tx, second);
    });
  await Promise.all([inOrder(1, 2), inOrder(2, 1)]);
  const { rows } = await operator.query('select n from counters order by id');
  expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
  expect(holding).toBe(3);
});

test('a conflict that does not end is reported as temporary, after a bounded number of tries', async () => {
  let tries = 0;
  const work = house.ctx.db.system(async (tx) => {
    tries += 1;
    await sql.raw(`do $$ begin raise exception 'no' using errcode = '40001'; end $$`).execute(tx);
  });
  await expect(work).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
  expect(tries).toBe(5);
});
