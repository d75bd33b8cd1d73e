import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { testCertificate } from '#platform/outbound/test-certificate';
import { probe, tcpServer } from '../checks.fixture.ts';

// Real answers from the web, read like a browser does.

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0)) await resource[Symbol.asyncDispose]();
});

async function serve(answer: RequestListener, tls?: typeof testCertificate): Promise<string> {
  const server = await startLoopbackServer(answer, tls);
  opened.push(server);
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${server.port}/`;
}

const quickBrotli = (bytes: Buffer) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

const body = (headers: Record<string, string>, bytes: Uint8Array | string) =>
  serve((_request, response) => response.writeHead(200, headers).end(bytes));

describe('a compressed body', () => {
  const text = `${'all is fine here, and has been since May. '.repeat(100)}The end.`;

  test.each<[string, Uint8Array]>([
    ['gzip', gzipSync(text)],
    ['X-GZip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
    ['identity, br', brotliCompressSync(text)],
    ['gzip', Buffer.concat([gzipSync(text.slice(0, 50)), gzipSync(text.slice(50))])],
    ['none', Buffer.from(text)],
  ])('with %s is unpacked', async (coding, bytes) => {
    const url = await body({ 'content-encoding': coding }, bytes);
    expect(await probe('http', { url, body_contains: 'The end.' })).toMatchObject({ outcome: 'ok' });
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['gzip', Buffer.from(text), /header says gzip, but the body is not compressed with it/],
    ['br', Buffer.from(text), /header says br, but the body is not compressed with it/],
    ['zstd', Buffer.from(text), /header says zstd, but the body is not compressed with it/],
    ['compress', Buffer.from(text), /"compress" is not supported/],
    ['gzip, gzip, gzip, gzip, gzip', gzipSync(text), /compressed 5 times/],
  ])(
    'with %s that cannot be unpacked is a failure that says so, but only when the body is needed',
    async (coding, bytes, reason) => {
      const url = await body({ 'content-encoding': coding }, bytes);
      expect(await probe('http', { url, body_contains: 'The end.' })).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(reason),
      });
      expect(await probe('http', { url })).toMatchObject({ outcome: 'ok' });
    },
  );

  test('that ends too early is shown up to its end', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 60_000 }, (_, at) => `${at} `).join('')));
    const url = await body({ 'content-encoding': 'gzip' }, packed.subarray(0, packed.length - 2_000));
    expect(await probe('http', { url, body_contains: '100 101 102' })).toMatchObject({ outcome: 'ok' });
  });

  test.each([
    ['gzip', gzipSync],
    ['br', quickBrotli],
    ['zstd', zstdCompressSync],
    ['deflate', deflateSync],
  ])('with %s longer than a MiB, packed or unpacked, is cut there', async (coding, pack) => {
    const noise = randomBytes(1_500_000);
    for (const content of [
      Buffer.alloc(5 * 1_048_576, 'fine '),
      Buffer.concat([Buffer.from('fine'), noise]),
    ]) {
      const url = await body({ 'content-encoding': coding }, pack(content));
      expect(await probe('http', { url, body_contains: 'fine' }, { timeoutMs: 20_000 })).toMatchObject({
        outcome: 'ok',
        details: { body_truncated: true },
      });
    }
  });

  test.each<[string, number, string]>([
    ['GET', 200, 'gzip'],
    ['GET', 204, 'br'],
    ['GET', 304, 'zstd'],
    ['HEAD', 200, 'deflate'],
  ])('only announced in headers, without a body (%s, %d), is no failure', async (method, status, coding) => {
    const url = await serve((_request, response) =>
      response.writeHead(status, { 'content-encoding': coding }).end(),
    );
    const config = { url, method, expect_status: [String(status)], keep_body_bytes: 100 };
    expect(await probe('http', config)).toMatchObject({ outcome: 'ok', details: { body: '' } });
  });
});

describe('a text in its own encoding', () => {
  const html = (charset: string) => `<!doctype html><html><head><meta charset="${charset}"></head><body>`;
  const shiftJis = Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]);
  const latin = Buffer.from('Caf\xe9 \x80', 'latin1');

  test.each<[string, string | undefined, Uint8Array, string]>([
    ['by the header', 'text/html; charset=windows-1252', latin, 'Café €'],
    [
      'by the header, which means windows-1252 for every browser',
      'text/plain; charset="ISO-8859-1"',
      latin,
      'Café €',
    ],
    ['by the header', 'text/plain;charset=Shift_JIS', shiftJis, 'テスト'],
    ['by the header', 'text/html; charset=utf-16', Buffer.from('Café', 'utf16le'), 'Café'],
    [
      'by its byte order mark',
      'text/html; charset=windows-1252',
      Buffer.from('\ufeffCafé', 'utf16le'),
      'Café',
    ],
    ['by its byte order mark', undefined, Buffer.from('\ufeffCafé', 'utf8'), 'Café'],
    [
      'by its own meta element',
      'text/html',
      Buffer.concat([Buffer.from(html('shift_jis')), shiftJis]),
      'テスト',
    ],
    [
      'by its XML declaration',
      'text/xml',
      Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>Caf\xe9</a>', 'latin1'),
      'Café',
    ],
    ['by guess, as UTF-8 where it is valid UTF-8', 'text/html', Buffer.from('Café'), 'Café'],
    ['by guess, as windows-1252 otherwise', 'text/html', latin, 'Café €'],
    ['by guess, with an unknown charset', 'text/html; charset=klingon', Buffer.from('Café'), 'Café'],
  ])('is read %s (%s)', async (_how, type, bytes, wanted) => {
    const url = await body(type === undefined ? {} : { 'content-type': type }, bytes);
    expect(await probe('http', { url, body_contains: wanted, keep_body_bytes: 500 })).toMatchObject({
      outcome: 'ok',
      details: { body: expect.stringContaining(wanted) },
    });
    expect(await probe('http', { url, body_not_contains: wanted })).toMatchObject({ outcome: 'failed' });
  });

  test('is cut between two characters', async () => {
    const url = await body({}, 'ab€');
    expect(await probe('http', { url, keep_body_bytes: 4 })).toMatchObject({ details: { body: 'ab' } });
  });
});

describe('JSON', () => {
  const json = (text: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    body(headers, text);
  const asks = async (text: string, path: string, equals: string | number | boolean) =>
    await probe('http', { url: await json(text), json: [{ path, equals }] });

  test('with a byte order mark is read', async () => {
    expect(await asks('\ufeff{"status":"ok"}', '$.status', 'ok')).toMatchObject({ outcome: 'ok' });
  });

  test.each<[string, string | number]>([
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['0.1', 0.1],
    ['1.0', 1],
    ['1e3', 1000],
    ['1.10', '1.1'],
    ['-0', 0],
    ['0.30000000000000000001', '0.30000000000000000001'],
  ])('has the number %s, which is %s', async (written, equals) => {
    const text = `{"s":"{[\\"", "n": [0, ${written} ], "n": [{"x":[]}, ${written} ]}`;
    expect(await asks(text, '$.n[1]', equals)).toMatchObject({ outcome: 'ok' });
  });

  test.each<[string, string | number, string]>([
    ['9007199254740993', '9007199254740992', '$.n is 9007199254740993, not 9007199254740992.'],
    [
      '12345678901234567890',
      '12345678901234567000',
      '$.n is 12345678901234567890, not 12345678901234567000.',
    ],
    ['1.000000000000000000001', 1, '$.n is 1.000000000000000000001, not 1.'],
  ])('has the number %s, which is not %s', async (written, equals, reason) => {
    expect(await asks(`{"n":${written}}`, '$.n', equals)).toMatchObject({ outcome: 'failed', reason });
  });

  test('nested 200,000 deep is refused in milliseconds, as arrays, as objects and unfinished', async () => {
    const deep = 200_000;
    for (const text of [
      '['.repeat(deep) + ']'.repeat(deep),
      `${'{"":'.repeat(deep)}1${'}'.repeat(deep)}`,
      '['.repeat(deep),
    ]) {
      const url = await json(text);
      const used = process.cpuUsage();
      const run = await probe('http', { url, json: [{ path: '$' }] });
      const { user } = process.cpuUsage(used);
      expect(run).toMatchObject({
        outcome: 'failed',
        reason: 'The body is not read as JSON: it is nested deeper than 200 levels.',
      });
      // For the whole request with its server; generous, for a slow machine.
      expect(user / 1_000).toBeLessThan(500);
    }
  });
});

describe('a certificate', () => {
  test.each<[string, RequestListener]>([
    ['longer than a MiB', (_request, response) => response.end(Buffer.alloc(2 * 1_048_576, 'x'))],
    [
      'without a length',
      (_request, response) => {
        response.useChunkedEncodingByDefault = false;
        response.end('short');
      },
    ],
    ['empty', (_request, response) => response.writeHead(204).end()],
  ])('of an answer that is %s is known', async (_what, answer) => {
    const url = await serve(answer, testCertificate);
    expect(await probe('http', { url, skip_verify: true, certificate_days_left_min: 5 })).toMatchObject({
      outcome: 'ok',
      details: { certificate_subject: 'tls.example.test', certificate_days_left: expect.any(Number) },
    });
  });

  test('is checked on the whole way: a redirect to http does not hide it', async () => {
    const plain = await serve((_request, response) => response.end('arrived'));
    const url = await serve(
      (_request, response) => response.writeHead(302, { location: plain }).end(),
      testCertificate,
    );
    const config = { url, skip_verify: true, redirects_max: 1, certificate_days_left_min: 3_650 };
    expect(await probe('http', config)).toMatchObject({
      outcome: 'ok',
      details: { certificate_subject: 'tls.example.test' },
    });
    expect(await probe('http', { url: plain, redirects_max: 1, certificate_days_left_min: 1 })).toMatchObject(
      {
        outcome: 'failed',
        reason: 'There was no certificate: no request used https.',
      },
    );
  });
});

describe('a redirect', () => {
  test.each([
    ['/caf\u00e9/\u20ac?q=\u00fc', '/caf%C3%A9/%E2%82%AC?q=%C3%BC'],
    ['/two words', '/two%20words'],
    ['there#part', '/there'],
    ['?next=1', '/?next=1'],
  ])('to %j leads to the address in its bytes', async (location, asked) => {
    const seen: (string | undefined)[] = [];
    const server = await tcpServer((socket) =>
      socket.on('data', (data) => {
        const path = data.toString('latin1').split(' ')[1];
        seen.push(path);
        const answer = seen.length === 1 ? `302 Found\r\nLocation: ${location}` : '200 OK';
        socket.end(Buffer.from(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`, 'utf8'));
      }),
    );
    opened.push(server);
    const url = `http://127.0.0.1:${server.port}/`;
    expect(await probe('http', { url, redirects_max: 1 })).toMatchObject({ outcome: 'ok' });
    expect(seen).toEqual(['/', asked]);
  });

  test('sends the cookies that were set on the way, each only where it belongs', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.cookie);
      response.end('arrived');
    });
    const elsewhere = other.replace('127.0.0.1', 'localhost');
    const url = await serve((request, response) => {
      seen.push(request.headers.cookie);
      const set = (next: string, ...cookies: string[]) =>
        response.writeHead(302, { location: next, 'set-cookie': cookies }).end();
      if (request.url === '/')
        return set(
          '/in',
          'session=1; HttpOnly',
          'deep=1; Path=/in/deep',
          'mine=new',
          'foreign=1; Domain=example.com',
        );
      if (request.url === '/in') return set('/in/deep', 'session=2', 'gone=1; Max-Age=0');
      return set(elsewhere, 'late=1');
    });
    const config = { url, headers: { Cookie: 'mine=old; kept=1' }, redirects_max: 5 };
    expect(await probe('http', config)).toMatchObject({ outcome: 'ok' });
    expect(seen).toEqual([
      'mine=old; kept=1',
      'kept=1; session=1; mine=new',
      'kept=1; deep=1; session=2; mine=new',
      undefined,
    ]);
  });
});

test('an answer of 101 is complete at once', async () => {
  const server = await tcpServer((socket) =>
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nmore'),
    ),
  );
  opened.push(server);
  expect(await probe('http', { url: `http://127.0.0.1:${server.port}/` })).toMatchObject({
    outcome: 'failed',
    reason: 'The status is 101, not 2xx.',
  });
});

describe('one machine of several', () => {
  test('is asked alone under their common name; a redirect to another place is followed', async () => {
    const seen: unknown[] = [];
    const other = await serve((request, response) => {
      seen.push([request.headers.host, request.headers['user-agent']]);
      response.end('arrived');
    });
    const url = await serve((request, response) => {
      seen.push([request.headers.host, request.headers['user-agent']]);
      response.writeHead(302, { location: other }).end();
    });
    const { port } = new URL(url);
    const lookup = async () => [{ address: '192.0.2.1', family: 4 }];
    const config = {
      url: `http://shop.example.com:${port}/`,
      resolve_to: '127.0.0.1',
      host_header: 'www.example.com',
      user_agent: 'Mozilla/5.0 (test)',
      redirects_max: 1,
    };
    expect(await probe('http', config, { lookup })).toMatchObject({ outcome: 'ok' });
    expect(seen).toEqual([
      ['www.example.com', 'Mozilla/5.0 (test)'],
      [new URL(other).host, 'Mozilla/5.0 (test)'],
    ]);
  });

  test('is trusted by the requested name (SNI), and never reached where the policy forbids it', async () => {
    const url = await serve((_request, response) => response.end('ok'), testCertificate);
    const named = { url, ca: testCertificate.cert, server_name: 'tls.example.test' };
    expect(await probe('http', named)).toMatchObject({ outcome: 'ok' });
    expect(await probe('http', { ...named, server_name: 'other.example.test' })).toMatchObject({
      reason: 'The certificate is for another name.',
    });
    const config = { url: 'http://shop.example.com/', resolve_to: '127.0.0.1' };
    expect(await probe('http', config, { allow: [] })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^Refused: 127\.0\.0\.1 .*OUTBOUND_ALLOW/),
    });
  });
});
