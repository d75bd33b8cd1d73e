import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { bootstrapKey, type TestApp, testApp } from '../support/app.ts';
import { waitFor } from '../support/wait-for.ts';

/** Work under way when a process is told to stop must not delay the stop. */

const org = 'default';

/** Makes every request wait at the check of its credential until released. */
async function holdCredentials(house: TestApp): Promise<() => Promise<void>> {
  const client = await house.ctx.db.pool.connect();
  await client.query('begin');
  await client.query('lock table organizations in access exclusive mode');
  return async () => {
    await client.query('commit');
    client.release();
  };
}

const someoneWaits = (house: TestApp) =>
  waitFor('a request to wait', async () => {
    const { rows } = await house.ctx.db.pool.query(
      `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.length > 0 ? true : undefined;
  });

function send(house: TestApp, path: string): { socket: Socket; answer: () => string; ended: Promise<void> } {
  const { port } = new URL(house.url);
  const socket = connect(Number(port), '127.0.0.1');
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  socket.on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${bootstrapKey}\r\n\r\n`);
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, answer: () => text, ended };
}

/** Waits until the stop has begun: new connections are refused, or told so. */
const stopBegan = (house: TestApp) =>
  waitFor('the stop to begin', async () => (house.ctx.process.draining ? true : undefined));

test('a stream that is requested while the process stops does not begin', async () => {
  const house = await testApp({ listen: true });
  const letGo = await holdCredentials(house);
  const stream = send(house, `/api/v1/${org}/stream`);
  await someoneWaits(house);
  const closing = house.close();
  await stopBegan(house);
  await letGo();
  await closing;
  await stream.ended;
  expect(stream.answer()).toMatch(/^HTTP\/1\.1 503 /);
});

test('a request under way is answered, and its connection is closed after it', async () => {
  const house = await testApp({ listen: true });
  const letGo = await holdCredentials(house);
  const request = send(house, `/api/v1/${org}/alerts`);
  await someoneWaits(house);
  const closing = house.close();
  await stopBegan(house);
  await letGo();
  await closing;
  await request.ended;
  expect(request.answer()).toMatch(/^HTTP\/1\.1 200 /);
});

test('a caller who never sends the rest of a body does not delay the stop', async () => {
  const house = await testApp({ listen: true });
  const { port } = new URL(house.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  // A stop that begins before the request was read answers it; unread, that answer would hide the end.
  socket.resume();
  const cut = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(
    `POST /api/v1/${org}/sites HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${bootstrapKey}\r\n` +
      'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"slug":',
  );
  await waitFor('the request to arrive', async () => {
    const open = await new Promise<number>((resolve) =>
      house.http.server.getConnections((_error, count) => resolve(count)),
    );
    return open > 0 ? true : undefined;
  });
  await Promise.all([house.close(), cut]);
});

/** A connection that sends requests and never reads; `isStuck` once an answer waits in this process. */
function neverReads(house: TestApp, path: string, times: number) {
  const ours = new Set<Socket>();
  house.http.server.on('connection', (socket: Socket) => ours.add(socket));
  const { port } = new URL(house.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.pause().on('error', () => undefined);
  const request = `GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${bootstrapKey}\r\n\r\n`;
  socket.write(request.repeat(times));
  return {
    isStuck: () => [...ours].some((one) => one.writableLength > 0),
    gone: () => ours.size > 0 && [...ours].every((one) => one.destroyed),
  };
}

test('a reader who is too far behind on a stream is cut off, and their events are not kept in memory', async () => {
  await using house = await testApp({ listen: true, work: true });
  const { rows } = await house.ctx.db.pool.query(`select id from organizations where slug = '${org}'`);
  const reader = neverReads(house, `/api/v1/${org}/stream`, 1);
  await waitFor('the connection to be cut', async () => {
    await house.ctx.db.pool.query(
      `select pg_notify('watchkeeper_live', json_build_object('o', $1::text, 't', 'alert', 'i', json_build_array(n::text || repeat('x', 4000)))::text)
      from generate_series(1, 300) n`,
      [rows[0].id],
    );
    return reader.gone() ? true : undefined;
  });
});

test('a calendar feed that is requested but not read does not delay the stop', async () => {
  const house = await testApp({ listen: true });
  const site = { slug: 'club', name: 'Club', timezone: 'UTC' };
  expect((await house.call('POST', `/api/v1/${org}/sites`, { body: site })).status).toBe(201);
  const start = new Date(Date.now() + 3_600_000);
  for (const slug of ['a', 'b', 'c']) {
    const planned = await house.call('POST', `/api/v1/${org}/maintenance`, {
      body: {
        slug,
        location: 'club',
        systems: ['all'],
        start_time: start.toISOString(),
        end_time: new Date(start.getTime() + 3_600_000).toISOString(),
        reason: 'A long reason. '.repeat(20),
        recurrence: 'FREQ=DAILY',
      },
    });
    expect(planned.status, JSON.stringify(planned.body)).toBe(201);
  }
  const feed = await house.call('POST', `/api/v1/${org}/maintenance/feed`);
  // One after the other on one connection: far more than the system buffers for a client that does not read.
  const reader = neverReads(house, new URL(feed.body.url).pathname, 30);
  await waitFor('an answer that nobody reads', () => (reader.isStuck() ? true : undefined));
  await house.close();
  expect(reader.gone()).toBe(true);
});

test('pings under way are answered and stored', async () => {
  const house = await testApp({ listen: true });
  const body = { slug: 'nightly', name: 'Nightly', kind: 'ping', config: { period: 3_600 } };
  const made = await house.call('POST', `/api/v1/${org}/checks`, { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const path = new URL(made.body.ping_url).pathname;
  const client = await house.ctx.db.pool.connect();
  await client.query('begin');
  await client.query('lock table ping_journal in access exclusive mode');
  const pings = Array.from({ length: 5 }, () => send(house, path));
  await someoneWaits(house);
  const closing = house.close();
  await stopBegan(house);
  await client.query('commit');
  client.release();
  await closing;
  for (const ping of pings) {
    await ping.ended;
    expect(ping.answer()).toMatch(/^HTTP\/1\.1 200 /);
  }
});
