import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testClock } from '../../../test/support/clock.ts';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import type { Ctx } from './context.ts';
import { newId } from './ids.ts';
import type { LiveChange } from './live.ts';
import { createLive } from './live-postgres.ts';
import { createLogger } from './log.ts';
import type { Module } from './module.ts';
import { createPeriodicRunner } from './periodic-runner.ts';
import { beatWatch, readWatch } from './watch.ts';

const log = createLogger({ level: 'silent' });
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** The part of ctx that these tests pass. Safe because the code under test reads nothing else. */
function slice(parts: object): Ctx {
  return { db: database.db, log, ...parts } as Ctx;
}

async function organization(slug: string): Promise<string> {
  const id = newId();
  await database.db.system((tx) =>
    sql`insert into organizations (id, slug, name, created_at, updated_at) values (${id}, ${slug}, ${slug}, now(), now())`.execute(
      tx,
    ),
  );
  return id;
}

test('a tenant transaction sees, writes and counts only its own rows', async () => {
  const [alice, bob] = [await organization('alice'), await organization('bob')];
  const insert = (organizationId: string) =>
    sql`insert into sites (organization_id, id, slug, name, timezone, created_at, updated_at)
        values (${organizationId}, ${newId()}, 'north', 'North', 'UTC', now(), now())`;
  await database.db.tenant(alice, (tx) => insert(alice).execute(tx));
  await database.db.tenant(bob, (tx) => insert(bob).execute(tx));
  const seen = await database.db.tenant(alice, (tx) =>
    sql<{ organization_id: string }>`select organization_id from sites`.execute(tx),
  );
  expect(seen.rows.map((row) => row.organization_id)).toEqual([alice]);
  await expect(database.db.tenant(alice, (tx) => insert(bob).execute(tx))).rejects.toThrow(
    /row-level security/,
  );
  const stolen = await database.db.tenant(alice, (tx) =>
    sql`update sites set name = 'mine' where organization_id = ${bob}`.execute(tx),
  );
  expect(stolen.numAffectedRows).toBe(0n);
});

test('the tenant role cannot read tables of the installation', async () => {
  const alice = await organization('alice-house');
  await expect(database.db.tenant(alice, (tx) => sql`select * from install`.execute(tx))).rejects.toThrow(
    /permission denied/,
  );
});

test('only subscribers of its organization get a change, and only after the commit', async () => {
  const live = createLive(database.db, log);
  await live.start();
  const heard: LiveChange[] = [];
  const [alice, bob] = [await organization('alice-live'), await organization('bob-live')];
  live.subscribe(alice, (change) => heard.push(change));
  await database.db.tenant(bob, (tx) =>
    live.publish(tx, { organizationId: bob, topic: 'alert', ids: ['b'] }),
  );
  await database.db.tenant(alice, (tx) =>
    live.publish(tx, { organizationId: alice, topic: 'alert', ids: ['a'] }),
  );
  await waitFor('the change', () => heard.length > 0);
  expect(heard).toEqual([{ organizationId: alice, topic: 'alert', ids: ['a'] }]);
  await live[Symbol.asyncDispose]();
});

test('live listeners are told to read everything again after the connection was lost', async () => {
  const live = createLive(database.db, log);
  await live.start();
  const topics: string[] = [];
  live.subscribe('any', (change) => topics.push(change.topic));
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen watchkeeper_live' and datname = current_database()",
  );
  await owner.end();
  await waitFor('the resync', () => topics.includes('resync'));
  await live[Symbol.asyncDispose]();
});

test('only one of two processes has the turn for periodic work, and the next turn comes after its interval', async () => {
  const clock = testClock();
  let runs = 0;
  const module: Module = {
    name: 'test',
    periodic: [
      {
        name: 'test.turn',
        everySeconds: () => 30,
        run: async () => {
          runs += 1;
        },
      },
    ],
  };
  const runners = [
    createPeriodicRunner(slice({ clock }), [module]),
    createPeriodicRunner(slice({ clock }), [module]),
  ];
  await Promise.all(runners.map((runner) => runner.runDue(AbortSignal.timeout(5_000))));
  expect(runs).toBe(1);
  clock.advance(29);
  await runners[0]?.runDue(AbortSignal.timeout(5_000));
  expect(runs).toBe(1);
  clock.advance(2);
  await runners[1]?.runDue(AbortSignal.timeout(5_000));
  expect(runs).toBe(2);
});

test('periodic work that fails records it in its row and runs again at its next turn', async () => {
  const clock = testClock();
  const module: Module = {
    name: 'test',
    periodic: [
      {
        name: 'test.fails',
        everySeconds: () => 10,
        run: async () => {
          throw new Error('the disk\0 is full');
        },
      },
    ],
  };
  const runner = createPeriodicRunner(slice({ clock }), [module]);
  await runner.runDue(AbortSignal.timeout(5_000));
  const { rows } = await database.db.system((tx) =>
    sql<{ last_error: string }>`select last_error from periodic_work where name = 'test.fails'`.execute(tx),
  );
  expect(rows[0]?.last_error).toBe('the disk is full');
});

test('a round that never ends and ignores its signal is abandoned: its row says so and its next turn comes', async () => {
  const clock = testClock();
  let runs = 0;
  const module: Module = {
    name: 'test',
    periodic: [
      {
        name: 'test.hangs',
        everySeconds: () => 10,
        runSecondsMax: 0.05,
        run: () => {
          runs += 1;
          return new Promise(() => undefined);
        },
      },
    ],
  };
  const runner = createPeriodicRunner(slice({ clock }), [module]);
  await runner.runDue(new AbortController().signal);
  const { rows } = await database.db.system((tx) =>
    sql<{ last_error: string }>`select last_error from periodic_work where name = 'test.hangs'`.execute(tx),
  );
  expect(rows[0]?.last_error).toBe('The round did not end in its time and was abandoned.');
  clock.advance(11);
  await runner.runDue(new AbortController().signal);
  expect(runs).toBe(2);
});

test('a gap in our own watch moves the start of watching; a normal beat does not', async () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
  const state = async (seconds: number) => await database.db.system((tx) => readWatch(tx, at(seconds)));
  await database.db.system((tx) => sql`delete from watch_state`.execute(tx));
  expect((await state(0)).intakeUp).toBe(false);
  for (const second of [0, 1, 2]) await database.db.system((tx) => beatWatch(tx, at(second)));
  expect(await state(3)).toEqual({ watchingSince: at(0), intakeUp: true, lastBeatAt: at(2) });
  expect((await state(10)).intakeUp).toBe(false);
  await database.db.system((tx) => beatWatch(tx, at(12)));
  expect(await state(12)).toEqual({ watchingSince: at(12), intakeUp: true, lastBeatAt: at(12) });
});
