import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { bootstrapKey, type TestApp, testApp } from '../support/app.ts';
import { waitFor } from '../support/wait-for.ts';

/** What is under way when a process is told to stop may not hold the stop. */

const org = 'default';

/** Keeps every request waiting at its credential until it is let go. */
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

/** That the stop has begun: new connections are no longer taken, or hear so. */
const stopBegan = (house: TestApp) =>
  waitFor('the stop to begin', async () => (house.ctx.process.draining ? true : undefined));

test('a stream that is let in while the process stops does not begin', async () => {
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

test('a request under way is answered, and its connection is not kept for a next one', async () => {
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

test('a caller who never sends the rest of a body does not hold the stop', async () => {
  const house = await testApp({ listen: true });
  const { port } = new URL(house.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
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
