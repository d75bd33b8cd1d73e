import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readConfig } from '#config';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import type { Ctx } from './context.ts';
import { createEvents } from './event-publisher.ts';
import { claimEvent, deleteOldEvents, eventOutbox, readEventFigures } from './event-store.ts';
import { createEventWork, type EventWork } from './event-work.ts';
import { defineEvent, subscribe } from './events.ts';
import { newId } from './ids.ts';
import { createLive } from './live-postgres.ts';
import { createLogger } from './log.ts';
import type { House } from './module.ts';
import { discardDeadLetters, readDeadLetters, retryDeadLetters } from './outbox.ts';
import { createProcessState } from './process-state.ts';

interface Word {
  readonly organizationId: string;
  readonly word: string;
}
type Handle = (word: string, organizationId: string, signal: AbortSignal) => Promise<void> | void;

const log = createLogger({ level: 'silent' });
const happened = defineEvent<Word>('test.happened');
let database: TestDatabase;
let live: ReturnType<typeof createLive>;
let alice: string;
let bob: string;
const working: EventWork[] = [];

beforeAll(async () => {
  database = await testDatabase();
  live = createLive(database.db, log);
  await live.start();
});
afterAll(async () => {
  await live[Symbol.asyncDispose]();
  await database.close();
});
beforeEach(async () => {
  [alice, bob] = [newId(), newId()];
  await run(sql`delete from domain_events`);
});
afterEach(async () => {
  for (const work of working.splice(0)) await work.stop(0);
});

const run = (statement: ReturnType<typeof sql>) => database.db.system((tx) => statement.execute(tx));
/** Each subscriber gets every event. */
const houseOf = (handlers: Readonly<Record<string, Handle>>, secondsMax = 60): House => [
  {
    name: 'test',
    subscriptions: Object.entries(handlers).map(([subscriber, handle]) =>
      subscribe(
        happened,
        subscriber,
        async (_ctx, { word, organizationId }, signal) => await handle(word, organizationId, signal),
        { secondsMax },
      ),
    ),
  },
];

/** One process. Safe because the handlers of this file do not use ctx. */
function processOf(house: House, env: Record<string, string> = {}): EventWork {
  const ctx = {
    db: database.db,
    log,
    live,
    config: readConfig(env),
    process: createProcessState('worker', 0),
  };
  const work = createEventWork(ctx as Pick<Ctx, 'db' | 'log' | 'live' | 'config' | 'process'>, house);
  working.push(work);
  return work;
}

const publish = (house: House, organizationId: string, ...words: string[]) =>
  database.db.tenant(organizationId, (tx) =>
    createEvents(house).publishAll(
      tx,
      happened,
      words.map((word) => ({ organizationId, word })),
    ),
  );
const rows = async () =>
  (
    await run(
      sql`select payload ->> 'word' as word, plan_attempts, plan_error from domain_events order by plan_after`,
    )
  ).rows;
const dueNow = () =>
  run(sql`update domain_events set plan_after = clock_timestamp() where planned_at is null`);
const dead = () => database.db.system((tx) => readDeadLetters(tx, [eventOutbox]));

test('every subscriber gets an event, exactly when the change commits', async () => {
  const heard: string[] = [];
  const house = houseOf({
    first: (word) => void heard.push(`first ${word}`),
    second: (word) => void heard.push(`second ${word}`),
  });
  processOf(house).start();
  const undone = database.db.tenant(alice, async (tx) => {
    await createEvents(house).publish(tx, happened, { organizationId: alice, word: 'undone' });
    throw new Error('changed my mind');
  });
  await expect(undone).rejects.toThrow('changed my mind');
  await publish(house, alice, 'kept');
  await waitFor('both to hear', async () => heard.length === 2 && (await rows()).length === 0, 20_000);
  expect(heard.toSorted()).toEqual(['first kept', 'second kept']);
});

test('one statement writes all rows of a change, and a tenant writes and sees only its own', async () => {
  const house = houseOf({ first: () => undefined, second: () => undefined });
  await publish(house, alice, 'one', 'two');
  expect(await rows()).toHaveLength(4);
  const { rows: written } = await run(
    sql`select count(distinct xmin::text || cmin::text)::int as n from domain_events`,
  );
  expect(written).toEqual([{ n: 1 }]);
  const seen = await database.db.tenant(bob, (tx) => sql`select from domain_events`.execute(tx));
  expect(seen.rows).toEqual([]);
  const foreign = database.db.tenant(bob, (tx) =>
    createEvents(house).publish(tx, happened, { organizationId: alice, word: 'forged' }),
  );
  await expect(foreign).rejects.toThrow(/row-level security/);
});

test('a process that does not know a subscriber leaves its events to those that do', async () => {
  const heard: string[] = [];
  const newer = houseOf({ old: () => undefined, fresh: (word) => void heard.push(word) });
  await publish(newer, alice, 'for both');
  const older = processOf(houseOf({ old: () => undefined }));
  expect(await older.drain(10)).toBe(1);
  expect(await rows()).toHaveLength(1);
  expect(await processOf(newer).drain(10)).toBe(1);
  expect(heard).toEqual(['for both']);
});

test('one poisoned event stops no other, is tried again alone, and is a dead letter after eight attempts', async () => {
  const heard: string[] = [];
  const house = houseOf({
    reader: (word) => {
      if (word === 'poison') throw new Error('cannot be read\nat all');
      heard.push(word);
    },
  });
  const work = processOf(house);
  await publish(house, alice, 'one', 'poison', 'three');
  expect(await work.drain(3)).toBe(3);
  expect(heard).toEqual(['one', 'three']);
  // A pass does not wait for what is not due.
  await run(sql`update domain_events set plan_after = clock_timestamp() + interval '1 hour'`);
  expect(await work.drain(100)).toBe(0);
  for (let attempt = 2; attempt <= 8; attempt += 1) {
    expect(await rows()).toEqual([{ word: 'poison', plan_attempts: attempt - 1, plan_error: null }]);
    await dueNow();
    expect(await work.drain(1)).toBe(1);
  }
  expect(await dead()).toMatchObject([
    { outbox: 'domain events', name: 'test.happened.reader', count: 1, error: 'cannot be read at all' },
  ]);
  expect(await work.drain(100)).toBe(0);
});

test('the wait before the next attempt doubles up to a minute, by the clock of the database', async () => {
  const house = houseOf({
    reader: () => {
      throw new Error('not yet');
    },
  });
  const work = processOf(house);
  await publish(house, alice, 'word');
  const clock = async () =>
    (await database.db.pool.query('select clock_timestamp() as now')).rows[0].now.getTime();
  for (const seconds of [2, 4, 8, 16, 32, 60, 60]) {
    await dueNow();
    const before = await clock();
    await work.drain(1);
    const after = await clock();
    const { rows: left } = await database.db.pool.query('select plan_after from domain_events');
    const due = left[0].plan_after.getTime();
    expect(due).toBeGreaterThanOrEqual(before + seconds * 1_000);
    expect(due).toBeLessThanOrEqual(after + seconds * 1_000);
  }
});

test('an event that fails with text that the database cannot store is kept like any other', async () => {
  const said: string[] = [];
  const house = houseOf({
    reader: (word) => {
      said.push(word);
      throw Object.assign(new Error(`no \0 ${word}`), { body: 'x\ud83d', size: 1n });
    },
  });
  await publish(house, alice, 'half \ud83d and \0');
  await processOf(house, { WORKER_MAX_RETRIES: '0' }).drain(10);
  expect(said).toEqual(['half \ufffd and ']);
  expect((await dead())[0]?.error).toBe('no half \ufffd and');
});

test('WORKER_MAX_RETRIES says how often an event is tried again', async () => {
  const house = houseOf({
    reader: () => {
      throw new Error('never');
    },
  });
  await publish(house, alice, 'word');
  const work = processOf(house, { WORKER_MAX_RETRIES: '1' });
  await work.drain(1);
  expect(await dead()).toEqual([]);
  await dueNow();
  await work.drain(1);
  expect(await dead()).toHaveLength(1);
});

test('a dead letter is delivered when it is tried again, and deleted when it is discarded', async () => {
  let broken = true;
  const heard: string[] = [];
  const house = houseOf({
    reader: (word) => {
      if (broken) throw new Error('the printer is on fire');
      heard.push(word);
    },
  });
  const work = processOf(house, { WORKER_MAX_RETRIES: '0' });
  await publish(house, alice, 'again');
  await work.drain(10);
  broken = false;
  expect(await database.db.system((tx) => retryDeadLetters(tx, [eventOutbox]))).toBe(1);
  await work.drain(10);
  expect(heard).toEqual(['again']);
  expect(await rows()).toEqual([]);

  broken = true;
  await publish(house, alice, 'never');
  await work.drain(10);
  expect(await database.db.system((tx) => discardDeadLetters(tx, [eventOutbox]))).toBe(1);
  expect(await dead()).toEqual([]);
});

test('an event whose process died is taken over when the claim ends, and given up when it kills every process', async () => {
  const heard: string[] = [];
  const house = houseOf({ reader: (word) => void heard.push(word) });
  const lane = { event: happened.name, subscriber: 'reader', organizationId: alice };
  const die = async () =>
    expect(await database.db.system((tx) => claimEvent(tx, lane, newId()))).toMatchObject({
      payload: { word: 'fatal' },
    });
  await publish(house, alice, 'fatal');
  await die();
  const work = processOf(house);
  expect(await work.drain(10)).toBe(0);
  expect(await database.db.system((tx) => readEventFigures(tx))).toMatchObject([
    { name: 'test.happened.reader', waiting: 0, active: 1 },
  ]);
  await dueNow();
  await work.drain(10);
  expect(heard).toEqual(['fatal']);

  await publish(house, alice, 'fatal');
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await die();
    await dueNow();
  }
  await work.drain(10);
  expect(heard).toEqual(['fatal']);
  expect(await dead()).toMatchObject([{ error: 'Its process ended before the event was done.' }]);
});

test('a process that finishes after another one took over its claim does not change the event any more', async () => {
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const house = houseOf({
    reader: async () => {
      await told;
      throw new Error('too late');
    },
  });
  await publish(house, alice, 'word');
  const slow = processOf(house, { WORKER_MAX_RETRIES: '0' }).drain(1);
  await waitFor(
    'the claim',
    async () => (await database.db.system((tx) => readEventFigures(tx)))[0]?.active === 1,
  );
  await dueNow();
  const lane = { event: happened.name, subscriber: 'reader', organizationId: alice };
  await database.db.system((tx) => claimEvent(tx, lane, newId()));
  tell();
  await slow;
  expect(await rows()).toEqual([{ word: 'word', plan_attempts: 2, plan_error: null }]);
});

test('a handler that hangs delays neither other subscribers nor other tenants', async () => {
  const heard: string[] = [];
  const { promise: never } = Promise.withResolvers<void>();
  const house = houseOf({
    stuck: async (word, organizationId) => {
      if (organizationId === alice) await never;
      heard.push(`stuck ${word}`);
    },
    quick: (word) => void heard.push(`quick ${word}`),
  });
  processOf(house).start();
  await publish(house, alice, 'a1', 'a2');
  await publish(house, bob, 'b1');
  await waitFor('all others', () => heard.length === 4);
  expect(heard.toSorted()).toEqual(['quick a1', 'quick a2', 'quick b1', 'stuck b1']);
});

test('a handler ends at its deadline, and the next event of its lane has its turn', async () => {
  const signals: AbortSignal[] = [];
  const { promise: never } = Promise.withResolvers<void>();
  const house = houseOf(
    {
      stuck: async (_word, _organizationId, signal) => {
        signals.push(signal);
        await never;
      },
    },
    0.2,
  );
  await publish(house, alice, 'a1', 'a2');
  expect(await processOf(house).drain(2)).toBe(2);
  expect(signals.map((signal) => signal.reason.message)).toEqual([
    'It was not done after 0.2 s.',
    'It was not done after 0.2 s.',
  ]);
  expect(await rows()).toMatchObject([{ plan_attempts: 1 }, { plan_attempts: 1 }]);
});

test('a subscriber whose handlers all hang delays no other subscriber', async () => {
  const heard: string[] = [];
  let hanging = 0;
  const { promise: never } = Promise.withResolvers<void>();
  const house = houseOf({
    stuck: async () => {
      hanging += 1;
      await never;
    },
    quick: (word) => void heard.push(word),
  });
  processOf(house).start();
  for (let tenant = 0; tenant < 20; tenant += 1) await publish(house, newId(), 'word');
  await waitFor('the quick ones', () => heard.length === 20);
  expect(hanging).toBe(4);
});

test('the backlog of one tenant delays no other tenant', async () => {
  const heard: string[] = [];
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const house = houseOf({
    reader: async (_word, organizationId) => {
      await opened;
      heard.push(organizationId);
    },
  });
  // More tenants with a backlog than places, and all their events are older.
  const large = Array.from({ length: 6 }, () => newId());
  for (const organizationId of large)
    await publish(house, organizationId, ...Array.from({ length: 200 }, (_, index) => `${index}`));
  await publish(house, bob, 'small');
  processOf(house).start();
  open();
  await waitFor('all', () => heard.length === 1_201, 60_000);
  // A turn has at most 20 events, six lanes come first, and four lanes work in parallel.
  expect(heard.indexOf(bob)).toBeLessThan(10 * 20);
});

test('several processes deliver each event once', async () => {
  const heard: string[] = [];
  const house = houseOf({ reader: (word) => void heard.push(word) });
  const words = Array.from({ length: 100 }, (_, index) => `${index}`);
  await publish(house, alice, ...words);
  const works = [processOf(house), processOf(house), processOf(house)];
  await Promise.all(works.map((work) => work.drain(1_000)));
  expect(heard.toSorted()).toEqual(words.toSorted());
});

test('a stop waits for running handlers, and abandons those that do not end', async () => {
  let begun = 0;
  const { promise: never } = Promise.withResolvers<void>();
  const house = houseOf({
    reader: async () => {
      begun += 1;
      await never;
    },
  });
  const work = processOf(house);
  work.start();
  await publish(house, alice, 'word');
  await waitFor('the handler', () => begun === 1);
  await work.stop(50);
  // The attempt does not count, because the event was not at fault.
  expect(await rows()).toEqual([{ word: 'word', plan_attempts: 0, plan_error: null }]);
  expect(await processOf(houseOf({ reader: () => undefined })).drain(10)).toBe(1);
});

test('an event is delivered although its NOTIFY was lost', async () => {
  const heard: string[] = [];
  const house = houseOf({ reader: (word) => void heard.push(word) });
  processOf(house).start();
  await run(sql`insert into domain_events (organization_id, id, event, subscriber, payload)
    values (${alice}, ${newId()}, ${happened.name}, 'reader', '{"word": "silent"}')`);
  await waitFor('the word', () => heard.includes('silent'), 20_000);
});

test('dead letters go after their days, discarded ones at once, and so do events that nobody has handled for as long', async () => {
  const house = houseOf({ reader: () => undefined });
  await publish(house, alice, 'fresh', 'waits for ever', 'new dead', 'old dead', 'discarded');
  const set = (word: string, values: string) =>
    run(sql`update domain_events set ${sql.raw(values)} where payload ->> 'word' = ${word}`);
  await set('waits for ever', `plan_after = clock_timestamp() - interval '15 days'`);
  await set('new dead', `planned_at = clock_timestamp() - interval '13 days', plan_error = 'lost'`);
  await set('old dead', `planned_at = clock_timestamp() - interval '15 days', plan_error = 'lost'`);
  await set('discarded', `planned_at = clock_timestamp()`);
  await database.db.system((tx) => deleteOldEvents(tx, 14));
  expect((await rows()).map((row) => (row as { word: string }).word).toSorted()).toEqual([
    'fresh',
    'new dead',
  ]);
});
