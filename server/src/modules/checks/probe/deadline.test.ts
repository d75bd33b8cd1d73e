import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#platform/clock';
import { createOutbound } from '#platform/outbound/client';
import { createLookup, lookupsMax, shareLookups } from '#platform/outbound/lookup';
import { overdueWork } from '#platform/outbound/signal';
import { type DnsServer, dnsServer } from '../../../../../test/support/dns-server.ts';
import { probe, tcpServer } from '../checks.fixture.ts';
import { checkKinds } from '../registry.ts';
import { runCheck } from './probe.ts';

/** Long enough for a busy machine to connect; no step may wait for it twice. */
const timeoutMs = 400;
/** Whatever the target does, a run has ended by then. */
const soonMs = 20_000;

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0)) await resource[Symbol.asyncDispose]();
});

/** Sends something every few milliseconds, for ever. */
const drip = (text: string) => (socket: Socket) => {
  const timer = setInterval(() => socket.write(text), 5);
  socket.on('close', () => clearInterval(timer));
};
/** Answers each request, then does `then`. */
const answer = (text: string, then?: (socket: Socket) => void) => (socket: Socket) =>
  socket.once('data', () => {
    socket.write(text);
    then?.(socket);
  });
const silent = (socket: Socket) => void socket.resume();
const closesItsHalf = (socket: Socket) => void socket.resume().end();

const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
const http = (port: number) => ({ url: `http://127.0.0.1:${port}/` });
const https = (port: number) => ({ url: `https://127.0.0.1:${port}/` });
const at = (port: number) => ({ host: '127.0.0.1', port });
const named = (port: number) => ({ ...at(port), user: 'watch', password: 'secret' });

test.each<[string, string, (port: number) => object, (socket: Socket) => void]>([
  ['accepts and says nothing', 'http', http, silent],
  ['answers 101', 'http', http, answer(upgrade)],
  ['answers 101 and goes on in another protocol', 'http', http, answer(upgrade, drip('\0hello'))],
  [
    'sends early hints for ever',
    'http',
    http,
    answer('', drip('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')),
  ],
  ['sends 100 Continue for ever', 'http', http, answer('', drip('HTTP/1.1 100 Continue\r\n\r\n'))],
  ['never ends its status line', 'http', http, answer('HTTP/1.1 2')],
  ['never ends its headers', 'http', http, answer('HTTP/1.1 200 OK\r\n', drip('a: b\r\n'))],
  [
    'trickles its body',
    'http',
    http,
    answer('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n', drip('a')),
  ],
  [
    'never ends its chunks',
    'http',
    http,
    answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', drip('1\r\na\r\n')),
  ],
  [
    'redirects to itself for ever',
    'http',
    (port) => ({ ...http(port), redirects_max: 10 }),
    answer('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n'),
  ],
  ['closes its half of the connection', 'http', http, closesItsHalf],
  ['never finishes TLS', 'http', https, silent],
  ['answers TLS with a drip', 'http', https, drip('\x16')],
  ['never finishes TLS', 'tls', at, silent],
  ['says nothing', 'tcp', (port) => ({ ...at(port), expect: '220 ' }), silent],
  ['never sends the expected text', 'tcp', (port) => ({ ...at(port), expect: '220 ' }), drip('1')],
  ['says nothing', 'redis', at, silent],
  ['never ends its line', 'redis', at, drip('+')],
  ['says nothing', 'mqtt', at, silent],
  ['says one byte', 'mqtt', at, answer('\x20')],
  ['says nothing', 'postgres', named, silent],
  ['says half a message', 'postgres', named, answer('R\0\0')],
  ['answers TLS with nothing', 'postgres', (port) => ({ ...named(port), tls: true }), silent],
  ['sends notices for ever', 'postgres', named, answer('', drip('N\0\0\0\x05\0'))],
])('a peer that %s ends a check of the kind %s at its timeout', async (_what, kind, config, onSocket) => {
  let openNow = 0;
  const server = await tcpServer((socket) => {
    openNow += 1;
    socket.on('close', () => {
      openNow -= 1;
    });
    onSocket(socket);
  });
  opened.push(server);
  const began = performance.now();
  const run = await probe(kind, { ...config(server.port) }, { timeoutMs });
  expect(performance.now() - began).toBeLessThan(soonMs);
  expect(run.outcome, run.reason).not.toBe('ok');
  expect(run.reason).not.toBe('');
  // Nothing is left: neither the connection nor the work.
  await expect.poll(() => openNow, { timeout: soonMs }).toBe(0);
  const overdue = () => overdueWork(Number.POSITIVE_INFINITY).get(`check of the kind ${kind}`);
  await expect.poll(overdue, { timeout: soonMs }).toBeUndefined();
});

test('a name whose lookup never ends stops a check of every kind at its timeout', async () => {
  const lookup = () => new Promise<never>(() => undefined);
  for (const [kind, config] of [
    ['http', { url: 'http://slow.example/' }],
    ['icmp', { host: 'slow.example' }],
    ['tcp', { host: 'slow.example', port: 80 }],
    ['dns', { name: 'www.example.com', server: 'slow.example' }],
  ] as const)
    expect(await probe(kind, config, { timeoutMs: 50, lookup })).toMatchObject({
      outcome: 'failed',
      reason: 'No complete answer within 50 ms.',
    });
});

test('a deadline that passed while this process stood still says nothing about the target', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const server = await tcpServer((socket) => socket.once('data', () => resolve()));
  opened.push(server);
  const config = { host: '127.0.0.1', port: server.port, send: 'hello', expect: '220 ' };
  const run = probe('tcp', config, { timeoutMs: 1_000 });
  await asked;
  const until = performance.now() + 1_500;
  while (performance.now() < until) void 0;
  expect(await run).toMatchObject({ outcome: 'unable', reason: expect.stringContaining('too busy to run') });
});

describe('names that never resolve', () => {
  let dns: DnsServer;
  let outbound: ReturnType<typeof createOutbound>;
  beforeEach(async () => {
    dns = await dnsServer((name) => (name === 'well.example' ? ['127.0.0.1'] : 'silent'));
    const lookup = createLookup({ servers: [dns.address] });
    outbound = createOutbound({ allow: ['127.0.0.0/8'], userAgent: 'Watchkeeper/test', lookup });
    opened.push(dns, outbound);
  });
  const kind = checkKinds.get('tcp');
  const look = (owner: string, host: string, port: number, checkTimeoutMs: number) =>
    runCheck(
      { outbound, clock: systemClock },
      kind,
      checkKinds.parse(kind, { host, port }),
      { timeoutMs: checkTimeoutMs, retries: 0 },
      { signal: new AbortController().signal, keepLog: false, owner },
    );

  test("of one organization do not delay another's check", async () => {
    const server = await tcpServer(silent);
    opened.push(server);
    const dead = Array.from({ length: 60 }, (_, index) => look('alice', `dead${index}.example`, 80, soonMs));
    const hers = await look('bob', 'well.example', server.port, soonMs);
    expect(hers.outcome, hers.reason).toBe('ok');
    // None of the others has ended, so it waited for none of them.
    expect(await Promise.race([...dead, 'none'])).toBe('none');
  });

  test("beyond the share of an organization count as our fault, not the target's", async () => {
    const held = createOutbound({
      allow: [],
      userAgent: 'Watchkeeper/test',
      lookup: shareLookups(() => new Promise(() => undefined)),
    });
    opened.push(held);
    outbound = held;
    const dead = Array.from({ length: lookupsMax / 2 + 1 }, (_, index) =>
      look('alice', `dead${index}.example`, 80, 200),
    );
    const turnedAway = (await Promise.all(dead)).filter(({ reason }) =>
      reason.startsWith('Too many name lookups'),
    );
    expect(turnedAway.map(({ outcome }) => outcome)).toEqual(['unable']);
  });
});
