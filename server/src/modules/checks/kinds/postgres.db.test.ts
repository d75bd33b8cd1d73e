import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database.ts';
import { probe, tcpServer } from '../checks.fixture.ts';

let database: TestDatabase;
let relay: Awaited<ReturnType<typeof tcpServer>>;
let target: { host: string; port: number; user: string; password?: string; database: string };

/** Connected as a user who may write there. */
async function owner(text: string): Promise<{ rows: unknown[] }> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  database = await testDatabase();
  await owner(`create table kept (id int); create sequence kept_seq`);
  const url = new URL(database.url);
  const folder = url.searchParams.get('host');
  // The server of the tests may listen only on a local socket; a check speaks TCP.
  relay = await tcpServer((socket) => {
    const inner =
      folder === null
        ? connect(Number(url.port || 5432), url.hostname)
        : connect(`${folder}/.s.PGSQL.${url.searchParams.get('port') ?? (url.port || '5432')}`);
    inner.on('error', () => socket.destroy());
    socket.on('close', () => inner.destroy());
    socket.pipe(inner).pipe(socket);
  });
  const named = (text: string) => decodeURIComponent(text);
  target = {
    host: '127.0.0.1',
    port: relay.port,
    user: named(url.username) || (url.searchParams.get('user') ?? 'postgres'),
    ...(url.password === '' ? {} : { password: named(url.password) }),
    database: url.pathname.slice(1),
  };
});
afterAll(async () => {
  await relay[Symbol.asyncDispose]();
  await database.close();
});

test('a query with the expected value is good, another value is not', async () => {
  expect(await probe('postgres', { ...target, query: 'select 42', expected: '42' })).toMatchObject({
    outcome: 'ok',
  });
  expect(await probe('postgres', { ...target, query: 'select 41', expected: '42' })).toMatchObject({
    outcome: 'failed',
    reason: 'The query gives 41, not 42.',
  });
});

describe('a query cannot write', () => {
  const leavesNothing = async (query: string) => {
    const run = await probe('postgres', { ...target, query });
    const { rows } = await owner("select 1 from pg_class where relname = 'oops'");
    expect(rows, query).toEqual([]);
    return run;
  };

  test.each([
    'create table oops (id int)',
    'with made as (select 1) select * into oops from made',
    "select nextval('kept_seq')",
    'do $$ begin create table oops (id int); end $$',
    'do $$ begin set transaction read write; create table oops (id int); end $$',
    "select set_config('transaction_read_only', 'off', false), set_config('default_transaction_read_only', 'off', false)",
    'set transaction read write',
    "do $$ begin perform set_config('transaction_read_only', 'off', true); create table oops (id int); end $$",
    'do $$ begin commit; create table oops (id int); end $$',
    'insert into kept values (1) returning *',
  ])('by %s', async (query) => {
    expect(await leavesNothing(query)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/read-only|read-write|invalid transaction termination/),
    });
    const { rows } = await owner('select (select count(*) from kept)::int as kept, is_called from kept_seq');
    expect(rows).toEqual([{ kept: 0, is_called: false }]);
  });

  test.each([
    'begin read write; create table oops (id int); commit',
    'commit; create table oops (id int)',
    'rollback; begin read write; create table oops (id int); commit; select 1',
    'select 1; select 2',
  ])('by several statements: %s', async (query) => {
    expect(await leavesNothing(query)).toMatchObject({
      outcome: 'failed',
      reason: 'The query holds several statements; a check runs one.',
    });
  });

  test.each([
    'commit',
    'end',
    'rollback and chain',
    'begin read write',
    'set default_transaction_read_only = off',
  ])(
    'by ending or changing its transaction (%s), because no statement comes after it',
    async (query) => void (await leavesNothing(query)),
  );
});

test.each([
  ['select true', 't'],
  ['select true', 'true'],
  ['select false', 'f'],
  ['select false', 'false'],
  ['select 9007199254740993::int8', '9007199254740993'],
  ['select 1.10::numeric', '1.10'],
  ["select date '2026-05-01'", '2026-05-01'],
  ["select timestamp '2026-05-01 12:00:00.5'", '2026-05-01 12:00:00.5'],
  [`select '{"a": [1, 2]}'::jsonb`, '{"a": [1, 2]}'],
  ["select array['a', 'b']", '{a,b}'],
  ["select '\\x00ff'::bytea", '\\x00ff'],
  ["select interval '90 minutes'", '01:30:00'],
  ['select null', 'null'],
  ['select 42;', '42'],
  ['show transaction_read_only', 'on'],
])('%s is %s, as PostgreSQL writes it', async (query, expected) => {
  expect(await probe('postgres', { ...target, query, expected })).toMatchObject({ outcome: 'ok' });
});

test.each([
  ['select true', 'false', 'The query gives t, not false.'],
  ['select null::boolean', 'false', 'The query gives null, not false.'],
  ['select 1 where false', '1', 'The query gives nothing, not 1.'],
])('%s is not %s', async (query, expected, reason) => {
  expect(await probe('postgres', { ...target, query, expected })).toMatchObject({
    outcome: 'failed',
    reason,
  });
});

test('a slow query and an endless answer are stopped', async () => {
  expect(
    await probe('postgres', { ...target, query: 'select pg_sleep(30)' }, { timeoutMs: 400 }),
  ).toMatchObject({
    outcome: 'failed',
  });
  const flood = "select repeat('x', 1000000) from generate_series(1, 2000)";
  expect(await probe('postgres', { ...target, query: flood })).toMatchObject({ outcome: 'failed' });
});

test('an unknown user, and a server that is not PostgreSQL, are clean failures', async () => {
  expect(await probe('postgres', { ...target, database: 'no_such_database' })).toMatchObject({
    outcome: 'failed',
  });
  await using other = await tcpServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')),
  );
  expect(await probe('postgres', { ...target, port: other.port }, { timeoutMs: 1_000 })).toMatchObject({
    outcome: 'failed',
  });
});
