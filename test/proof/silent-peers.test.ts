import { createServer, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { freePort, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

/** More than the places that one target has. */
const hanging = 24;

let database: TestDatabase;
let owner: pg.Client;
let healthyVisits = 0;
const sockets = new Set<Socket>();
/** Each path answers badly in its own way; only one is healthy. */
const target = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  socket.once('data', (request) => {
    const path = request.toString('latin1').split(' ')[1] ?? '';
    if (path === '/well') {
      healthyVisits += 1;
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    } else if (path === '/upgrade')
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    else if (path === '/half') socket.write('HTTP/1.1 200 OK\r\nX-Half: ');
    else if (path === '/body') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n...');
  });
});

beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  target.close();
  await owner.end();
  await database.close();
});

test('checks of peers that answer 101, half a header, half a body or nothing end at their timeout, and do not stop others of that host', async () => {
  await using folder = await scratchDir();
  const server = await startServer({
    PORT: String(await freePort()),
    DATA_DIR: folder.path,
    DATABASE_URL: database.url,
    SECRET_KEY: 'the same key in every test process 0123',
    OUTBOUND_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'error',
  });
  try {
    const address = target.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const make = async (slug: string, path: string) => {
      const config = { url: `http://127.0.0.1:${port}${path}` };
      const body = {
        slug,
        kind: 'http',
        config,
        interval: 2,
        timeout: 1,
        retries: 0,
        alert_after_failures: 1,
      };
      expect((await server.call('POST', '/api/v1/default/checks', body)).status).toBe(201);
    };
    const paths = ['/upgrade', '/half', '/body', '/nothing'];
    for (let number = 0; number < hanging; number += 1)
      await make(`h${number}`, paths[number % paths.length] ?? '');
    await make('well', '/well');
    const states = async (): Promise<Record<string, string>> => {
      const { rows } = await owner.query<{ slug: string; status: string }>(
        'select c.slug, s.status from checks c join check_state s on s.check_id = c.id',
      );
      return Object.fromEntries(rows.map(({ slug, status }) => [slug, status]));
    };
    await waitFor(
      'every hanging check to be down, and the other up',
      async () => {
        const { well, ...others } = await states();
        return well === 'up' && Object.values(others).every((status) => status === 'down');
      },
      60_000,
    );
    // The checks go on, so no place was lost for good.
    const before = healthyVisits;
    await waitFor(
      'the healthy one to be looked at three times more',
      () => healthyVisits >= before + 3,
      60_000,
    );
    expect((await states()).well).toBe('up');
    const ready = await server.call('GET', '/health/ready');
    expect(ready.body).toMatchObject({ status: 'pass', checks: { 'work:deadlines': { status: 'pass' } } });
  } finally {
    await server.kill('SIGTERM');
  }
});
