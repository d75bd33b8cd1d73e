import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { createLogger } from '../log.ts';
import { type Database, openDatabase } from './database.ts';
import { createDatabaseClock } from './database-clock.ts';

const log = createLogger({ level: 'silent' });
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase({
    url: database.url,
    poolMax: 2,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 5_000,
    log,
  });
});
afterAll(async () => {
  await db.close();
  await database.close();
});

/** The present time of the database. */
async function databaseTime(): Promise<number> {
  const { rows } = await db.pool.query('select extract(epoch from clock_timestamp())::float8 * 1000 as ms');
  return rows[0].ms;
}

test.each([
  ['5 s ahead', 5_000],
  ['5 s behind', -5_000],
  ['an hour ahead', 3_600_000],
  ['a day behind', -86_400_000],
])('a process whose machine is %s has the time of the database', async (_what, skew) => {
  using clock = createDatabaseClock(db, log, () => Date.now() + skew);
  await clock.sync();
  const before = await databaseTime();
  const now = clock.now();
  const after = await databaseTime();
  expect(now).toBeGreaterThan(before - 1_000);
  expect(now).toBeLessThan(after + 1_000);
});

test("a step of the machine's own clock does not show", async () => {
  let step = 0;
  using clock = createDatabaseClock(db, log, () => Date.now() + step);
  await clock.sync();
  const before = clock.now();
  step = 3_600_000;
  expect(clock.now() - before).toBeLessThan(60_000);
  await clock.sync();
  expect(clock.now() - before).toBeLessThan(60_000);
});

test('a correct clock is not changed, and never goes back when it is read again', async () => {
  using clock = createDatabaseClock(db, log);
  let last = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    await clock.sync();
    expect(clock.now()).toBeGreaterThanOrEqual(last);
    last = clock.now();
  }
});
