import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import type { Tx } from './db/database.ts';
import { newId } from './ids.ts';
import { createLogger } from './log.ts';
import {
  claimWaiting,
  defineOutbox,
  discardDeadLetters,
  readDeadLetters,
  readOutbox,
  retryDeadLetters,
} from './outbox.ts';
import { type OutboxWork, outboxAttemptsMax, workOutbox } from './outbox-work.ts';

/** Letters, in the smallest possible outbox table. */
const letters = defineOutbox<{ readonly word: string }>({
  name: 'letters',
  table: 'letters',
  columns: { word: 'said' },
  oldestBy: 'at',
});
const log = createLogger({ level: 'silent' });
const organizationId = newId();
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`
    create table letters (organization_id uuid not null, id uuid primary key, at timestamptz not null default clock_timestamp(),
      said text not null, planned_at timestamptz, plan_attempts integer not null default 0,
      plan_after timestamptz not null default clock_timestamp(), plan_error text);
    grant select, insert, update, delete on letters to watchkeeper_tenant, watchkeeper_system`);
  await owner.end();
});
afterAll(() => database.close());
beforeEach(() => run(sql`delete from letters`));

const run = (statement: ReturnType<typeof sql>) => database.db.system((tx) => statement.execute(tx));
const write = (...words: string[]) =>
  run(sql`insert into letters (organization_id, id, said)
    select ${organizationId}, id, said from unnest(${words.map(() => newId())}::uuid[], ${words}::text[]) as l (id, said)`);
const figures = () => database.db.system((tx) => readOutbox(tx, letters, 60));
const dead = () => database.db.system((tx) => readDeadLetters(tx, [letters]));

function reader(over: Partial<OutboxWork<{ readonly word: string }, string>> = {}) {
  const read: string[] = [];
  const givenUp: string[] = [];
  const work: OutboxWork<{ readonly word: string }, string> = {
    outbox: letters,
    prepare: async () => 'glasses',
    begin: async () => true,
    async work(_tx, _organizationId, rows, given) {
      expect(given).toBe('glasses');
      if (rows.some(({ word }) => word === 'smudged')) throw new Error('cannot be read\nat all');
      read.push(...rows.map(({ word }) => word));
    },
    giveUp: async (_tx, _organizationId, { word }, { attempts, message }) =>
      void givenUp.push(`${word} after ${attempts}: ${message}`),
    ...over,
  };
  return {
    read,
    givenUp,
    once: () => workOutbox({ db: database.db, log }, work, AbortSignal.timeout(20_000)),
  };
}

test('rows are processed once, oldest first', async () => {
  await write('one', 'two', 'three');
  const { read, once } = reader();
  expect(await once()).toBe(3);
  expect(await once()).toBe(0);
  expect(read).toEqual(['one', 'two', 'three']);
  expect(await figures()).toMatchObject({ waiting: 0, failed: 0 });
});

test('a row that one process holds is left to it, and taken over when its transaction dies', async () => {
  await write('one', 'two');
  const { read, once } = reader();
  const holding = database.db.tenant(organizationId, async (tx: Tx) => {
    expect(await claimWaiting(tx, letters, organizationId, 1)).toMatchObject([{ word: 'one', attempts: 0 }]);
    await once();
    expect(read).toEqual(['two']);
    throw new Error('the process died');
  });
  await expect(holding).rejects.toThrow('the process died');
  await once();
  expect(read).toEqual(['two', 'one']);
});

test('a process that sees another one at work leaves the rows alone', async () => {
  await write('one');
  const { read, once } = reader({ begin: async () => false });
  expect(await once()).toBe(0);
  expect(read).toEqual([]);
  expect(await figures()).toMatchObject({ waiting: 1 });
});

test('a row that cannot be processed delays no other, and is given up after its attempts', async () => {
  await write('one', 'smudged', 'three');
  const { read, givenUp, once } = reader();
  await once();
  expect(read.toSorted()).toEqual(['one', 'three']);
  expect(await figures()).toMatchObject({ waiting: 1, failed: 0 });
  expect(await once()).toBe(0);
  for (let attempt = 1; attempt < outboxAttemptsMax; attempt += 1) {
    await run(sql`update letters set plan_after = clock_timestamp() where planned_at is null`);
    await once();
  }
  expect(givenUp).toEqual([`smudged after ${outboxAttemptsMax}: cannot be read at all`]);
  expect(await figures()).toMatchObject({ waiting: 0, failed: 1 });
  expect(await dead()).toMatchObject([{ name: 'letters', count: 1, error: 'cannot be read at all' }]);
});

test('a dead letter can be tried again like a new one, or discarded', async () => {
  await write('again', 'never');
  await run(sql`update letters set planned_at = clock_timestamp(), plan_attempts = 7, plan_error = 'lost'`);
  await run(sql`update letters set plan_error = null where said = 'never'`);
  expect(await database.db.system((tx) => retryDeadLetters(tx, [letters]))).toBe(1);
  expect(await dead()).toEqual([]);
  const { read, once } = reader();
  await once();
  expect(read).toEqual(['again']);
  await run(sql`update letters set plan_error = 'lost' where said = 'again'`);
  expect(await database.db.system((tx) => discardDeadLetters(tx, [letters]))).toBe(1);
  expect(await dead()).toEqual([]);
  expect(await once()).toBe(0);
});
