import type { RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { testCertificate } from '#platform/outbound/test-certificate';
import { probe, tcpServer } from '../checks.fixture.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0)) await resource[Symbol.asyncDispose]();
});

async function serve(answer: RequestListener, tls?: typeof testCertificate): Promise<string> {
  const server = await startLoopbackServer(answer, tls);
  opened.push(server);
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${server.port}/`;
}

async function serveRaw(onSocket: Parameters<typeof tcpServer>[0]): Promise<string> {
  const server = await tcpServer(onSocket);
  opened.push(server);
  return `http://127.0.0.1:${server.port}/`;
}

const healthy: RequestListener = (_request, response) =>
  response
    .setHeader('X-Version', '4.2')
    .end(JSON.stringify({ status: 'ok', parts: [{ name: 'db', up: true }] }));

describe('an answer', () => {
  test('that is as expected is good, and has its timings', async () => {
    const run = await probe('http', {
      url: await serve(healthy),
      expect_headers: [{ name: 'x-version', contains: '4.' }],
      body_contains: 'status',
      body_matches: '"status":"(ok|warn)"',
      json: [
        { path: '$.status', equals: 'ok' },
        { path: '$.parts[0].up', equals: true },
        { path: '$["parts"]' },
      ],
    });
    expect(run).toMatchObject({ outcome: 'ok', details: { status: 200 }, attempts: 1 });
    expect(run.timings).toMatchObject({ dns_ms: null, tls_ms: null, connect_ms: expect.any(Number) });
    expect(run.timings.total_ms).toBeGreaterThanOrEqual(run.timings.first_byte_ms ?? Number.NaN);
    expect(run.details).not.toHaveProperty('body');
    expect(run.log.map(({ line }) => line).join('\n')).toMatch(/connected to 127\.0\.0\.1/);
  });

  test.each<[string, object, RegExp]>([
    ['another status', { expect_status: ['204', '300-399'] }, /status is 200, not 204, 300-399/],
    ['a header that is missing', { expect_headers: [{ name: 'x-none' }] }, /x-none is missing/],
    ['a header with another value', { expect_headers: [{ name: 'x-version', contains: '5.' }] }, /"4.2"/],
    ['a missing text', { body_contains: 'all good' }, /does not contain "all good"/],
    ['a forbidden text', { body_not_contains: 'status' }, /contains "status"/],
    ['a pattern that does not match', { body_matches: '^never' }, /does not match/],
    ['a wrong value', { json: [{ path: '$.status', equals: 'down' }] }, /\$\.status is ok, not down/],
    ['a path that leads nowhere', { json: [{ path: '$.a.b' }] }, /no value at \$\.a\.b/],
    ['a path of the prototype', { json: [{ path: '$.constructor' }] }, /no value at/],
  ])('with %s is a failure that says so', async (_what, asked, reason) => {
    expect(await probe('http', { url: await serve(healthy), ...asked })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(reason),
    });
  });

  test('is requested with the given method, headers, secret headers and body, on a new connection each time', async () => {
    const seen: unknown[] = [];
    const server = await startLoopbackServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push([request.method, request.headers.authorization, request.headers['x-a'], body]);
      response.end();
    });
    opened.push(server);
    const config = {
      url: `http://127.0.0.1:${server.port}/`,
      method: 'POST',
      headers: { 'X-A': '1' },
      secret_headers: { Authorization: 'Bearer s' },
      body: 'hello',
    };
    await probe('http', config);
    await probe('http', config);
    expect(seen).toEqual([
      ['POST', 'Bearer s', '1', 'hello'],
      ['POST', 'Bearer s', '1', 'hello'],
    ]);
    expect(server.connections()).toBe(2);
  });

  test('that redirects is itself the result unless redirects are followed', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/there') return void response.end('arrived');
      response.writeHead(302, { location: '/there' }).end();
    });
    expect(await probe('http', { url })).toMatchObject({ outcome: 'failed', details: { status: 302 } });
    expect(await probe('http', { url, redirects_max: 1, body_contains: 'arrived' })).toMatchObject({
      outcome: 'ok',
    });
  });

  test('keeps the first bytes of its body only when configured', async () => {
    const run = await probe('http', { url: await serve(healthy), keep_body_bytes: 10 });
    expect(run.details.body).toBe('{"status":');
  });

  test('over TLS is trusted only with its authority, and its remaining days are counted', async () => {
    const url = await serve(healthy, testCertificate);
    expect(await probe('http', { url })).toMatchObject({
      outcome: 'failed',
      reason: /self-signed|name|authority/,
    });
    const trusting = { url, skip_verify: true };
    expect(await probe('http', trusting)).toMatchObject({
      outcome: 'ok',
      details: { certificate_subject: 'tls.example.test' },
      timings: { tls_ms: expect.any(Number) },
    });
    expect(await probe('http', { ...trusting, certificate_days_left_min: 3_650 })).toMatchObject({
      outcome: 'ok',
    });
  });
});

describe('a hostile or broken target', () => {
  const bounded = { timeoutMs: 300 };

  test('that does not listen gives "connection refused"', async () => {
    const server = await tcpServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const run = await probe('http', { url: `http://127.0.0.1:${server.port}/` }, { retries: 1 });
    expect(run).toMatchObject({ outcome: 'failed', attempts: 2, reason: expect.stringContaining('refused') });
  });

  test('that sends 100 MB is cut off at one MiB', async () => {
    let sent = 0;
    const url = await serve((_request, response) => pour(response, 100, (bytes) => (sent += bytes)));
    const run = await probe('http', { url, body_contains: 'x' });
    expect(run).toMatchObject({ outcome: 'ok', details: { body_bytes: 1_048_576, body_truncated: true } });
    expect(sent).toBeLessThan(50 * 1_048_576);
    expect(await probe('http', { url, json: [{ path: '$' }] })).toMatchObject({ outcome: 'failed' });
  });

  test('that never ends its headers is cut off', async () => {
    const url = await serveRaw((socket) => {
      const more = (): void => {
        while (socket.writable && socket.write('X-More: and more and more\r\n'));
      };
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        socket.on('drain', more);
        more();
      });
    });
    expect(await probe('http', { url })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('headers'),
    });
  });

  test.each([
    ['never answers', ''],
    ['drips its headers', 'HTTP/1.1 200 OK\r\nX-'],
    ['drips its body', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx'],
  ])('that %s ends with the timeout', async (_what, start) => {
    const url = await serveRaw((socket) => socket.once('data', () => socket.write(start)));
    const run = await probe('http', { url }, bounded);
    expect(run).toMatchObject({ outcome: 'failed', reason: 'No complete answer within 300 ms.' });
    expect(run.timings.total_ms).toBeLessThan(20_000);
  });

  test('that sends a compression bomb is unpacked only up to the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(16 * 1_048_576, 'fine '));
    const url = await serve((_request, response) => response.setHeader('content-encoding', 'gzip').end(bomb));
    expect(await probe('http', { url, body_contains: 'fine' })).toMatchObject({
      outcome: 'ok',
      details: { body_bytes: bomb.length, body_truncated: true },
    });
    expect(await probe('http', { url, body_contains: 'x' })).toMatchObject({
      reason: 'The first 1048576 bytes of the body do not contain "x".',
    });
  });

  test('that does not speak HTTP, or hangs up, is a clean failure', async () => {
    const greeting = await serveRaw((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    expect(await probe('http', { url: greeting })).toMatchObject({ outcome: 'failed' });
    const hangUp = await serveRaw((socket) => socket.once('data', () => socket.destroy()));
    expect(await probe('http', { url: hangUp })).toMatchObject({ outcome: 'failed' });
  });

  test('whose name leads to a private address is never connected to', async () => {
    let connections = 0;
    const server = await tcpServer(() => (connections += 1));
    opened.push(server);
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const run = await probe('http', { url: `http://shop.example:${server.port}/` }, { allow: [], lookup });
    expect(run).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/^Refused: .*loopback/) });
    for (const kind of ['tcp', 'tls', 'redis', 'mqtt'])
      expect(
        await probe(kind, { host: 'shop.example', port: server.port }, { allow: [], lookup }),
      ).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/^Refused/),
      });
    expect(connections).toBe(0);
  });
});

function pour(response: ServerResponse, mebibytes: number, told: (bytes: number) => void): void {
  const chunk = Buffer.alloc(65_536, 'x');
  let left = mebibytes * 16;
  const more = (): void => {
    while (left > 0) {
      left -= 1;
      told(chunk.length);
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}
