import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { createLanes, type Lanes } from './lanes.ts';

let database: TestDatabase;
let holder: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query(heldLock);
});
afterAll(async () => {
  await holder.end();
  await database.close();
});

interface Session {
  readonly client: pg.Client;
  readonly pid: number;
}

async function open(client: pg.Client): Promise<Session> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return { client, pid: rows[0]?.pid ?? 0 };
}

function lanesOf(count: number, workMs = 10_000): Lanes<Session> {
  const connect = async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return client;
  };
  return createLanes({ count, connect, open, workMs, losesLane: (error) => error !== refused });
}

const refused = new Error('refused');

/** A lock held by the suite: a statement that needs it waits until it is cut off. */
const heldLock = 'select pg_advisory_lock(1)';

async function endBackend(pid: number): Promise<void> {
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query('select pg_terminate_backend($1)', [pid]);
  await owner.end();
}

test('a connection is opened once and used again, also after an error that leaves it whole', async () => {
  await using lanes = lanesOf(1);
  const first = await lanes.use(async ({ pid }) => pid);
  await expect(lanes.use(() => Promise.reject(refused))).rejects.toBe(refused);
  expect(await lanes.use(async ({ pid }) => pid)).toBe(first);
});

test('parallel statements have one connection each, and one too many is refused', async () => {
  await using lanes = lanesOf(2);
  const { promise: wait, resolve: go } = Promise.withResolvers<void>();
  const hold = () => lanes.use(({ pid }) => wait.then(() => pid));
  const [one, other] = [hold(), hold()];
  await expect(lanes.use(async ({ pid }) => pid)).rejects.toThrow('More batches than lanes.');
  go();
  expect(await one).not.toBe(await other);
});

test('a connection that was cut during a statement is replaced', async () => {
  await using lanes = lanesOf(1);
  const working = await lanes.use(async ({ pid }) => pid);
  const broken = lanes.use(({ client, pid }) => Promise.all([client.query(heldLock), endBackend(pid)]));
  await expect(broken).rejects.toThrow(/terminat/);
  const next = await lanes.use(async ({ pid }) => pid);
  expect(next).not.toBe(working);
});

test('a statement that takes too long is given up and reported as an unreachable database', async () => {
  await using lanes = lanesOf(1, 200);
  const first = await lanes.use(async ({ pid }) => pid);
  const slow = lanes.use(({ client }) => client.query(heldLock));
  await expect(slow).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(await lanes.use(async ({ pid }) => pid)).not.toBe(first);
});
