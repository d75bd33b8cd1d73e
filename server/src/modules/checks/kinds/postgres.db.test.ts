import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database.ts';
import { probe, tcpServer } from '../checks.fixture.ts';

let database: TestDatabase;
let relay: Awaited<ReturnType<typeof tcpServer>>;
let target: { host: string; port: number; user: string; password?: string; database: string };

beforeAll(async () => {
  database = await testDatabase();
  const url = new URL(database.url);
  const folder = url.searchParams.get('host');
  // The server of the tests may listen on a local socket alone; a check speaks TCP.
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

test('a query that gives what is expected is good, another value is not', async () => {
  expect(await probe('postgres', { ...target, query: 'select 42', expected: '42' })).toMatchObject({
    outcome: 'ok',
  });
  expect(await probe('postgres', { ...target, query: 'select 41', expected: '42' })).toMatchObject({
    outcome: 'failed',
    reason: 'The query gives 41, not 42.',
  });
});

test('a query cannot write', async () => {
  expect(await probe('postgres', { ...target, query: 'create table oops (id int)' })).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('read-only'),
  });
});

test('a slow query and an endless answer end', async () => {
  expect(
    await probe('postgres', { ...target, query: 'select pg_sleep(30)' }, { timeoutMs: 400 }),
  ).toMatchObject({
    outcome: 'failed',
  });
  const flood = "select repeat('x', 1000000) from generate_series(1, 2000)";
  expect(await probe('postgres', { ...target, query: flood })).toMatchObject({ outcome: 'failed' });
});

test('an unknown user, and a server that is no PostgreSQL, are clean failures', async () => {
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
