import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { errorCodes, errorMeanings } from '@watchkeeper/contracts/error-codes';
import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readConfig } from '#config';
import { testClock } from '../../../../test/support/clock.ts';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import type { Ctx } from '../context.ts';
import { AppError } from '../errors.ts';
import { purgeIdempotencyKeys } from '../idempotency-keys.ts';
import { createLogger } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { createVault } from '../vault.ts';
import type { App } from './app.ts';
import { bodyBytesMax, createHttp } from './server.ts';

let database: TestDatabase;
let app: App;
let created = 0;
const clock = testClock();

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await app.close();
  await database.close();
});

beforeEach(async () => {
  created = 0;
  app = createHttp(ctxWith({ RATE_LIMIT_PER_MINUTE: '50' }));
  app.post(
    '/things',
    {
      config: { idempotent: true },
      schema: {
        body: Type.Object(
          { name: Type.String({ maxLength: 5 }), size: Type.Optional(Type.Integer()) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      created += 1;
      return reply.code(201).send({ name: request.body.name, created });
    },
  );
  app.get('/fails', async () => {
    throw new Error('select secret from table');
  });
  app.get('/refuses', async () => {
    throw new AppError('conflict', 'Not now.', { retryAfterSeconds: 7 });
  });
  app.get(
    '/typed',
    { schema: { querystring: Type.Object({ count: Type.Integer() }, { additionalProperties: false }) } },
    async (request) => request.query,
  );
  await app.ready();
});

/** The slice of ctx that the HTTP floor reads. */
function ctxWith(env: Record<string, string>): Ctx {
  const parts = {
    config: readConfig(env),
    clock,
    db: database.db,
    log: createLogger({ level: 'silent' }),
    vault: createVault(randomBytes(32)),
    metrics: createMetrics(),
  };
  // Safe because createHttp reads nothing else of ctx.
  return parts as unknown as Ctx;
}

const post = (payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/things',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

test('a valid request is answered, with its request id', async () => {
  const response = await post({ name: 'gate' }, { 'x-request-id': 'from-the-caller' });
  expect(response.statusCode).toBe(201);
  expect(response.headers['x-request-id']).toBe('from-the-caller');
  const other = await post({ name: 'gate' }, { 'x-request-id': 'has spaces and "quotes"' });
  expect(other.headers['x-request-id']).toMatch(/^[A-Za-z0-9_-]+$/);
});

test.each([
  ['an unknown field', { name: 'a', colour: 'red' }, 400, 'unknown_field', 'colour'],
  ['a missing field', {}, 400, 'validation_failed', 'name'],
  ['a field of the wrong type', { name: 'a', size: '4' }, 400, 'validation_failed', 'size'],
  ['a text too long', { name: 'too long' }, 400, 'validation_failed', 'name'],
])('%s is a problem that names it', async (_what, body, status, code, field) => {
  const response = await post(body);
  expect(response.statusCode).toBe(status);
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = response.json();
  expect(problem).toMatchObject({
    status,
    code,
    instance: '/things',
    request_id: response.headers['x-request-id'],
  });
  expect(problem.errors.map((error: { field: string }) => error.field)).toEqual([field]);
});

test.each([
  ['broken JSON', '{"name":', 'application/json', 400, 'malformed_json'],
  ['no body', '', 'application/json', 400, 'malformed_json'],
  ['another content type', 'name=a', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
  ['plain text', 'hello', 'text/plain', 415, 'unsupported_media_type'],
  [
    'a body over the limit',
    `{"name":"${'x'.repeat(bodyBytesMax)}"}`,
    'application/json',
    413,
    'payload_too_large',
  ],
  [
    'a prototype in JSON',
    '{"name":"a","__proto__":{"admin":true}}',
    'application/json',
    400,
    'malformed_json',
  ],
])('%s is refused', async (_what, body, type, status, code) => {
  const response = await post(body, { 'content-type': type });
  expect([response.statusCode, response.json().code]).toEqual([status, code]);
});

test('numbers in a query are read as numbers, and other text is refused', async () => {
  expect((await app.inject('/typed?count=3')).json()).toEqual({ count: 3 });
  expect((await app.inject('/typed?count=three')).statusCode).toBe(400);
  expect((await app.inject('/typed?count=3&extra=1')).json().code).toBe('unknown_field');
});

test('an unforeseen failure tells the caller nothing of its cause', async () => {
  const response = await app.inject('/fails');
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toMatch(/secret|select|Error:|at /);
  expect(response.json().code).toBe('internal');
});

test('a refusal carries Retry-After, an unknown path is a problem', async () => {
  expect((await app.inject('/refuses')).headers['retry-after']).toBe('7');
  expect((await app.inject('/nowhere')).json().code).toBe('not_found');
  expect((await app.inject('/%zz')).json().status).toBe(400);
});

test('an Idempotency-Key creates once and replays the first answer', async () => {
  const key = { 'idempotency-key': '"8e03978e-40d5-43e8-bc93-6894a57f9324"' };
  const first = await post({ name: 'gate' }, key);
  const again = await post({ name: 'gate' }, key);
  expect(created).toBe(1);
  expect(again.statusCode).toBe(201);
  expect(again.body).toBe(first.body);
  expect(again.headers['idempotent-replayed']).toBe('true');
});

test('the same key with another request is refused; a day later the key is free', async () => {
  const key = { 'idempotency-key': 'order-7' };
  await post({ name: 'gate' }, key);
  expect((await post({ name: 'door' }, key)).json().code).toBe('idempotency_mismatch');
  clock.advance(25 * 3600);
  expect((await post({ name: 'door' }, key)).statusCode).toBe(201);
  clock.advance(25 * 3600);
  await purgeIdempotencyKeys(ctxWith({}));
  const { rows } = await database.db.pool.query('select 1 from idempotency_keys');
  expect(rows).toEqual([]);
});

test('two requests with one key at the same time create once', async () => {
  const key = { 'idempotency-key': 'race' };
  const answers = await Promise.all([
    post({ name: 'gate' }, key),
    post({ name: 'gate' }, key),
    post({ name: 'gate' }, key),
  ]);
  expect(created).toBe(1);
  for (const answer of answers) expect([201, 409]).toContain(answer.statusCode);
});

test('requests above the limit get Retry-After', async () => {
  const answers = await Promise.all(Array.from({ length: 51 }, () => app.inject('/typed?count=1')));
  const limited = answers.find((answer) => answer.statusCode === 429);
  expect(limited?.headers['retry-after']).toMatch(/^\d+$/);
  expect(limited?.headers.ratelimit).toMatch(/^"default";r=0;t=\d+$/);
});

test('bytes that are not HTTP get an answer without internals, and the server keeps running', async () => {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  for (const bytes of [
    'NONSENSE\r\n\r\n',
    `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    'GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
  ]) {
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toMatch(/at |node:/);
  }
  expect((await app.inject('/typed?count=1')).statusCode).toBe(200);
});

test('every error code has its line in the documentation', async () => {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
  const documented = [...text.matchAll(/^\| `([a-z_]+)` \| (\d+) \| (.+) \|$/gm)];
  expect(Object.fromEntries(documented.map(([, code, status]) => [code, Number(status)]))).toEqual(
    errorCodes,
  );
  expect(Object.fromEntries(documented.map(([, code, , meaning]) => [code, meaning]))).toEqual(errorMeanings);
});
