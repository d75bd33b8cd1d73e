import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOutbound } from './client.ts';
import type { Lookup } from './lookup.ts';
import { startLoopbackServer } from './loopback-server.ts';
import type { Outbound, OutboundRequest } from './outbound.ts';
import { testCertificate } from './test-certificate.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const signal = new AbortController().signal;
const opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

function keep<T extends AsyncDisposable>(resource: T): T {
  opened.push(resource);
  return resource;
}

/** Each call uses the next answer; the last one is repeated. */
function scriptedLookup(...answers: string[][]): Lookup & { asked: string[] } {
  const asked: string[] = [];
  const lookup = async (hostname: string): ReturnType<Lookup> => {
    asked.push(hostname);
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? [];
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(lookup, { asked });
}

function openOutbound(allow: string[], lookup?: Lookup): Outbound {
  return keep(createOutbound({ allow, userAgent: 'Watchkeeper/test', ...(lookup && { lookup }) }));
}

async function openServer(...args: Parameters<typeof startLoopbackServer>) {
  return keep(await startLoopbackServer(...args));
}

function get(overrides: Partial<OutboundRequest> = {}): OutboundRequest {
  return { method: 'GET', signal, timeoutMs: 5_000, bodyBytesMax: 1_000, ...overrides };
}

describe('a refused target', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://017700000001:PORT/',
    'http://0177.0.0.01:PORT/',
    'http://0:PORT/',
    'http://0.0.0.0:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://LOCALHOST:PORT/',
    'http://a.localhost:PORT/',
    'http://loopback.example:PORT/',
    'http://a.example:PORT@127.0.0.1:PORT/',
    'http://127.0.0.1:PORT#@a.example/',
    'http:127.0.0.1:PORT/',
    'http://127.0.0.1:PORT\\@a.example/',
    'http://１２７。０。０。１:PORT/',
    'http://%31%32%37.0.0.1:PORT/',
    'http://127.0.0\t.1:PORT/',
  ])('%s never reaches a server that listens there', async (template) => {
    const server = await openServer((_request, response) => response.end());
    const outbound = openOutbound([], scriptedLookup(['127.0.0.1']));
    const url = template.replaceAll('PORT', String(server.port));
    await expect(outbound.request(url, get())).rejects.toMatchObject({ name: 'OutboundRefused' });
    await expect(outbound.vet(url)).rejects.toMatchObject({ name: 'OutboundRefused' });
    expect(server.connections()).toBe(0);
  });

  it.each([
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'https://169.254.169.254/',
    'http://169.254.169.254/latest/meta-data/',
    'http://168.63.129.16/',
    'http://metadata.google.internal/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://192.0.2.1/',
    'http://[fc00::1]/',
    'http://[fe80::1]/',
    'http://[ff02::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b:1::1]/',
    'http://[2001::1]/',
    'ftp://93.184.216.34/',
    'http://93.184.216.34:25/',
    'http://[fe80::1%25eth0]/',
    'nonsense',
  ])('%s is refused without asking a resolver', async (url) => {
    const lookup = scriptedLookup(['93.184.216.34']);
    await expect(openOutbound([], lookup).request(url, get())).rejects.toMatchObject({
      name: 'OutboundRefused',
    });
    expect(lookup.asked).toEqual([]);
  });

  it('says which class of address it was and names OUTBOUND_ALLOW', async () => {
    const outbound = openOutbound([], scriptedLookup(['93.184.216.34', '::1']));
    await expect(outbound.vet('http://192.168.1.1/')).rejects.toThrow(
      /192\.168\.1\.1.*"private".*OUTBOUND_ALLOW/,
    );
    await expect(outbound.vet('http://two.example/')).rejects.toThrow(
      /two\.example.*"loopback".*OUTBOUND_ALLOW/,
    );
  });

  it('is any blocked IPv4 address in any textual form', async () => {
    const networks = fc.constantFrom<[number, number][]>(
      [0x00000000, 8],
      [0x0a000000, 8],
      [0x64400000, 10],
      [0x7f000000, 8],
      [0xa9fe0000, 16],
      [0xac100000, 12],
      [0xc0000000, 24],
      [0xc0a80000, 16],
      [0xc6120000, 15],
      [0xe0000000, 4],
      [0xf0000000, 4],
    );
    const address = networks.chain(([network, bits]) =>
      fc.nat({ max: 2 ** (32 - bits) - 1 }).map((offset) => network + offset),
    );
    const radix = fc.constantFrom('decimal', 'octal', 'hex', 'HEX', 'padded');
    const shape = fc.record({
      parts: fc.constantFrom(1, 2, 3, 4),
      radixes: fc.tuple(radix, radix, radix, radix),
      dot: fc.constantFrom('', '.'),
      wide: fc.boolean(),
      mapped: fc.boolean(),
    });
    const outbound = openOutbound([], scriptedLookup(['93.184.216.34']));
    await fc.assert(
      fc.asyncProperty(address, shape, fc.constantFrom('http', 'https'), async (value, form, scheme) => {
        const url = `${scheme}://${spell(value, form)}/`;
        await expect(outbound.vet(url), url).rejects.toMatchObject({ name: 'OutboundRefused' });
      }),
      { numRuns: 1_000 },
    );
  });
});

interface Shape {
  parts: number;
  radixes: string[];
  dot: string;
  wide: boolean;
  mapped: boolean;
}

/** One of the many forms of an IPv4 address in URLs: fewer parts, mixed bases, full-width digits, mapped. */
function spell(value: number, form: Shape): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256);
  if (form.mapped) return `[::ffff:${octets.join('.')}]`;
  const leading = octets.slice(0, form.parts - 1);
  const rest = octets.slice(form.parts - 1).reduce((sum, octet) => sum * 256 + octet, 0);
  const text =
    [...leading, rest].map((part, index) => inBase(part, form.radixes[index] ?? '')).join('.') + form.dot;
  return form.wide ? text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))) : text;
}

function inBase(part: number, radix: string): string {
  if (radix === 'octal') return `0${part.toString(8)}`;
  if (radix === 'padded') return `0000${part.toString(8)}`;
  if (radix === 'hex') return `0x${part.toString(16)}`;
  return radix === 'HEX' ? `0X00${part.toString(16).toUpperCase()}` : String(part);
}

describe('a request', () => {
  it('reaches a loopback server that is listed, with the fixed headers and the body as given', async () => {
    let received = '';
    const server = await openServer(async (request, response) => {
      for await (const chunk of request) received += chunk;
      response.writeHead(201, { 'X-Twice': ['a', 'b'], 'Set-Cookie': 'a=1' }).end('made');
    });
    const answer = await openOutbound(LOOPBACK).request(
      `http://127.0.0.1:${server.port}/a%20b?c=d#e`,
      get({ method: 'POST', headers: { 'X-Trace': 't' }, body: Buffer.from('héllo') }),
    );
    expect(answer).toMatchObject({ status: 201, bodyTruncated: false, headers: { 'x-twice': 'a, b' } });
    expect(answer.body.toString()).toBe('made');
    expect(received).toBe('héllo');
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/a%20b?c=d' });
    expect(server.requests[0]?.headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      'user-agent': 'Watchkeeper/test',
      'accept-encoding': 'identity',
      'x-trace': 't',
    });
  });

  it('reaches localhost by name, as the machine resolves it, when its addresses are listed', async () => {
    const server = await openServer((_request, response) => response.end('home'));
    const answer = await openOutbound(LOOPBACK).request(`http://localhost:${server.port}/`, get());
    expect(answer.body.toString()).toBe('home');
  });

  it('goes to the vetted address of a name, with the name as Host, and keeps no cookie', async () => {
    const server = await openServer((_request, response) => response.setHeader('set-cookie', 'a=1').end());
    const outbound = openOutbound(LOOPBACK, scriptedLookup(['127.0.0.1']));
    await outbound.request(`http://Shop.example.:${server.port}/`, get());
    await outbound.request(`http://shop.example:${server.port}/`, get());
    expect(server.requests.map((request) => request.headers.host)).toEqual(
      Array(2).fill(`shop.example:${server.port}`),
    );
    expect(server.requests[1]?.headers.cookie).toBeUndefined();
  });

  it('tries the next vetted address when nothing listens at the first', async () => {
    const server = await openServer((_request, response) => response.end('here'));
    const outbound = openOutbound(LOOPBACK, scriptedLookup(['::1', '127.0.0.2', '127.0.0.1']));
    const answer = await outbound.request(`http://shop.example:${server.port}/`, get());
    expect(answer.body.toString()).toBe('here');
  });

  it('asks the resolver once, so a later change of its answer has no effect', async () => {
    const server = await openServer((_request, response) => response.end('vetted'));
    const lookup = scriptedLookup(['127.0.0.1'], ['127.0.0.99']);
    const answer = await openOutbound(LOOPBACK, lookup).request(
      `http://rebind.example:${server.port}/`,
      get(),
    );
    expect(answer.body.toString()).toBe('vetted');
    expect(lookup.asked).toEqual(['rebind.example']);
  });

  it('never connects to loopback when the name rebinds from a public address to it', async () => {
    const server = await openServer((_request, response) => response.end('internal'));
    const lookup = scriptedLookup(['192.0.2.1'], ['127.0.0.1']);
    // The documentation network stands for a public one here; nothing answers in it.
    const outbound = openOutbound(['192.0.2.0/24'], lookup);
    const url = `http://rebind.example:${server.port}/`;
    await expect(outbound.request(url, get({ timeoutMs: 300 }))).rejects.not.toMatchObject({
      name: 'OutboundRefused',
    });
    expect(lookup.asked).toEqual(['rebind.example']);
    await expect(outbound.request(url, get())).rejects.toThrow('"loopback"');
    expect(server.connections()).toBe(0);
  });

  it('reuses connections for the same addresses, and opens another when the name has a new address', async () => {
    const server = await openServer((_request, response) => response.end());
    const lookup = scriptedLookup(...Array(10).fill(['127.0.0.1']), ['127.0.0.2', '127.0.0.1'], ['10.0.0.1']);
    const outbound = openOutbound(LOOPBACK, lookup);
    const url = `http://shop.example:${server.port}/`;
    for (let sent = 0; sent < 10; sent += 1) await outbound.request(url, get());
    // Two, not one: the first is still being returned to the pool when the next request needs a connection.
    const before = server.connections();
    expect(before).toBeLessThanOrEqual(2);
    await outbound.request(url, get());
    expect(server.connections()).toBe(before + 1);
    await expect(outbound.request(url, get())).rejects.toThrow('"private"');
    expect(server.requests).toHaveLength(11);
  });

  it('is refused with a RangeError when its limits are invalid', async () => {
    const outbound = openOutbound(LOOPBACK);
    for (const wrong of [
      { timeoutMs: 0 },
      { timeoutMs: Number.NaN },
      { bodyBytesMax: -1 },
      { redirectsMax: 11 },
    ]) {
      await expect(outbound.request('http://127.0.0.1/', get(wrong))).rejects.toThrow(RangeError);
    }
  });

  it('is refused by a closed client, and one under way ends when it closes', async () => {
    const server = await openServer(() => undefined);
    const outbound = createOutbound({ allow: LOOPBACK, userAgent: 'Watchkeeper/test' });
    const pending = outbound.request(`http://127.0.0.1:${server.port}/`, get());
    const ended = expect(pending).rejects.toThrow();
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await outbound[Symbol.asyncDispose]();
    await ended;
    await expect(outbound.request(`http://127.0.0.1:${server.port}/`, get())).rejects.toThrow('closed');
  });

  it('is refused when 1024 others wait already, and accepted again once they gave up', async () => {
    const controller = new AbortController();
    const outbound = openOutbound([], () => new Promise(() => undefined));
    const request = get({ signal: controller.signal });
    const waiting = Array.from({ length: 1024 }, () => outbound.request('http://slow.example/', request));
    const settled = Promise.allSettled(waiting);
    await expect(outbound.request('http://slow.example/', get())).rejects.toThrow('already under way');
    controller.abort(new Error('given up'));
    await settled;
    await expect(outbound.request('http://slow.example/', request)).rejects.toThrow('given up');
  });
});

describe('a request over TLS', () => {
  it('sends the name as SNI and Host to the vetted address and checks the certificate against the name', async () => {
    const offered: string[][] = [];
    const server = await openServer(
      ({ socket }, response) => response.end('servername' in socket ? String(socket.servername) : 'none'),
      {
        ...testCertificate,
        ALPNCallback: ({ protocols }) => {
          offered.push(protocols);
          return 'http/1.1';
        },
      },
    );
    const outbound = openOutbound(LOOPBACK, scriptedLookup(['127.0.0.1']));
    const untrusted = outbound.request(`https://tls.example.test:${server.port}/`, get());
    await expect(untrusted).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const trusted = getCACertificates();
    try {
      setDefaultCACertificates([...trusted, testCertificate.cert]);
      const answer = await outbound.request(`https://tls.example.test:${server.port}/`, get());
      expect(answer.body.toString()).toBe('tls.example.test');
      expect(offered.at(-1)).toEqual(['http/1.1']);
      expect(server.requests[0]?.headers.host).toBe(`tls.example.test:${server.port}`);
      const otherName = outbound.request(`https://other.example.test:${server.port}/`, get());
      await expect(otherName).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
      expect(server.requests).toHaveLength(1);
    } finally {
      setDefaultCACertificates(trusted);
    }
  });
});

describe('a redirect', () => {
  it('is returned as it came unless the caller asked to follow it', async () => {
    const server = await openServer((_request, response) =>
      response.writeHead(302, { location: '/b' }).end('moved'),
    );
    const answer = await openOutbound(LOOPBACK).request(`http://127.0.0.1:${server.port}/a`, get());
    expect(answer).toMatchObject({ status: 302, headers: { location: '/b' } });
    expect(answer.body.toString()).toBe('moved');
    expect(server.requests).toHaveLength(1);
  });

  it('is followed at most as often as the caller allowed', async () => {
    const server = await openServer((request, response) => {
      const next = Number(request.url?.slice(1)) + 1;
      response.writeHead(302, { location: `/${next}` }).end();
    });
    const url = `http://127.0.0.1:${server.port}/0`;
    const answer = await openOutbound(LOOPBACK).request(url, get({ redirectsMax: 3 }));
    expect(answer).toMatchObject({ status: 302, headers: { location: '/4' } });
    expect(server.requests.map((request) => request.url)).toEqual(['/0', '/1', '/2', '/3']);
  });

  it.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/',
    'http://[::1]:PORT/',
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://localhost:PORT/',
    '//127.0.0.1:PORT/',
    'http://rebind.example:PORT/',
    'file:///etc/passwd',
    'http://user:pass@shop.example:PORT/',
    'http://shop.example:25/',
  ])('to %s is refused, however public the first target was', async (location) => {
    const inner = await openServer((_request, response) => response.end('internal'));
    const outer = await openServer((_request, response) => {
      response.writeHead(307, { location: location.replace('PORT', String(inner.port)) }).end();
    });
    // Only 127.0.0.5 is listed: it stands for a public address.
    const table: Record<string, string> = { 'shop.example': '127.0.0.5', 'rebind.example': '127.0.0.1' };
    const lookup: Lookup = async (hostname) => [{ address: table[hostname] ?? '127.0.0.1', family: 4 }];
    const relay = await openRelay('127.0.0.5', outer.port);
    const outbound = openOutbound(['127.0.0.5/32'], lookup);
    const request = get({ method: 'POST', body: 'b', redirectsMax: 3 });
    await expect(outbound.request(`http://shop.example:${relay}/`, request)).rejects.toMatchObject({
      name: 'OutboundRefused',
      message: expect.stringContaining('a redirect that is not followed'),
    });
    expect(outer.requests).toHaveLength(1);
    expect(inner.connections()).toBe(0);
  });

  it('with a body that never ends is closed before the next request', async () => {
    let closed = false;
    const server = await openServer((request, response) => {
      if (request.url === '/b') return void response.end('there');
      request.socket.once('close', () => {
        closed = true;
      });
      response.writeHead(302, { location: '/b' }).write('x');
    });
    const url = `http://127.0.0.1:${server.port}/a`;
    const answer = await openOutbound(LOOPBACK).request(url, get({ redirectsMax: 1 }));
    expect(answer.body.toString()).toBe('there');
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  it('across origins drops the secrets and turns a POST into a GET, as the sent headers show', async () => {
    const other = await openServer((_request, response) => response.end('there'));
    const first = await openServer((_request, response) =>
      response.writeHead(302, { location: `http://other.example:${other.port}/x` }).end(),
    );
    const outbound = openOutbound(LOOPBACK, scriptedLookup(['127.0.0.1']));
    const headers = { Authorization: 'Bearer s', Cookie: 'c=1', 'X-Api-Key': 'k', Accept: 'text/html' };
    const answer = await outbound.request(
      `http://shop.example:${first.port}/`,
      get({ method: 'POST', headers, body: 'secret', redirectsMax: 1 }),
    );
    expect(answer.body.toString()).toBe('there');
    expect(first.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer s',
      cookie: 'c=1',
      'x-api-key': 'k',
    });
    expect(other.requests[0]?.method).toBe('GET');
    expect(Object.keys(other.requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });
});

/** A server that answers every request with `start` and then `line` for ever. */
async function openFlood(start: string, line: string): Promise<number> {
  const server = createServer((socket) => {
    const write = (): void => {
      while (socket.writable && socket.write(line));
    };
    socket.on('error', () => socket.destroy()).on('drain', write);
    socket.once('data', () => {
      socket.write(start);
      write();
    });
  });
  return listen(server, '127.0.0.1');
}

async function listen(server: Server, address: string): Promise<number> {
  server.listen(0, address);
  await once(server, 'listening');
  keep({ [Symbol.asyncDispose]: async () => void server.close() });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server listens on no port.');
  return bound.port;
}

/** Listens on one address of 127/8 and passes the bytes to a loopback server on another. */
async function openRelay(address: string, targetPort: number): Promise<number> {
  const server = createServer((socket) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const end of [socket, target]) end.on('error', () => end.destroy());
    socket.pipe(target).pipe(socket);
  });
  return listen(server, address);
}

describe('a bad answer', () => {
  it('is cut at the limit, and its connection closed, when the body never ends', async () => {
    let closed = false;
    const server = await openServer((request, response) => {
      request.socket.once('close', () => {
        closed = true;
      });
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1_000)));
      };
      response.on('drain', write);
      write();
    });
    const answer = await openOutbound(LOOPBACK).request(`http://127.0.0.1:${server.port}/`, get());
    expect(answer).toMatchObject({ status: 200, bodyTruncated: true });
    expect(answer.body.toString()).toBe('x'.repeat(1_000));
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  it.each([
    [999, 999, false],
    [1_000, 1_000, false],
    [1_001, 1_000, true],
  ])('of %i bytes keeps %i with a limit of 1000', async (sent, kept, bodyTruncated) => {
    const server = await openServer((_request, response) => response.end(Buffer.alloc(sent)));
    const answer = await openOutbound(LOOPBACK).request(`http://127.0.0.1:${server.port}/`, get());
    expect([answer.body.length, answer.bodyTruncated]).toEqual([kept, bodyTruncated]);
  });

  it('stays packed when it is compressed', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000));
    const server = await openServer((_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(bomb),
    );
    const answer = await openOutbound(LOOPBACK).request(`http://127.0.0.1:${server.port}/`, get());
    expect(answer.body).toEqual(bomb);
  });

  it('with headers that never end is given up when they exceed their limit', async () => {
    const port = await openFlood('HTTP/1.1 200 OK\r\n', `x: ${'y'.repeat(500)}\r\n`);
    await expect(openOutbound(LOOPBACK).request(`http://127.0.0.1:${port}/`, get())).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_OVERFLOW',
    });
  });

  it('with interim answers that never end is given up at the deadline', async () => {
    const port = await openFlood('', 'HTTP/1.1 103 Early Hints\r\n\r\n');
    const pending = openOutbound(LOOPBACK).request(`http://127.0.0.1:${port}/`, get({ timeoutMs: 200 }));
    await expect(pending).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    ['no answer', () => undefined],
    [
      'a body that comes drop by drop',
      (_request: unknown, response: { write(text: string): unknown }) => void response.write('x'),
    ],
  ])('ends at the deadline: %s', async (_what, answer) => {
    const server = await openServer(answer);
    const outbound = openOutbound(LOOPBACK);
    await expect(
      outbound.request(`http://127.0.0.1:${server.port}/`, get({ timeoutMs: 100 })),
    ).rejects.toMatchObject({ name: 'TimeoutError', message: expect.stringContaining('100 ms') });
  });

  it("ends when the caller gives up, with the caller's reason", async () => {
    const server = await openServer(() => undefined);
    const controller = new AbortController();
    const outbound = openOutbound(LOOPBACK);
    const request = get({ signal: controller.signal });
    const pending = outbound.request(`http://127.0.0.1:${server.port}/`, request);
    const ended = expect(pending).rejects.toThrow('enough');
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    controller.abort(new Error('enough'));
    await ended;
    await expect(outbound.request(`http://127.0.0.1:${server.port}/`, request)).rejects.toThrow('enough');
    expect(server.requests).toHaveLength(1);
  });

  it('rejects with the network failure when the connection is refused', async () => {
    const server = await startLoopbackServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const pending = openOutbound(LOOPBACK).request(`http://127.0.0.1:${server.port}/`, get());
    await expect(pending).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('cannot pollute a prototype with its header names', async () => {
    const server = await openServer((_request, response) => response.setHeader('__proto__', 'x').end());
    const answer = await openOutbound(LOOPBACK).request(`http://127.0.0.1:${server.port}/`, get());
    expect(Object.getPrototypeOf(answer.headers)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(answer.headers, '__proto__')?.value).toBe('x');
  });
});
