import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ensurePing,
  type RunningPeer,
  startDnsmasq,
  startMosquitto,
  startRedis,
} from '../../scripts/test-engines.ts';
import { probe } from '../../server/src/modules/checks/checks.fixture.ts';

const host = '127.0.0.1';

describe('a real Redis', () => {
  let open: RunningPeer;
  let closed: RunningPeer;
  beforeAll(async () => {
    open = await startRedis();
    closed = await startRedis({ password: 'a long walk' });
  });
  afterAll(async () => {
    await open[Symbol.asyncDispose]();
    await closed[Symbol.asyncDispose]();
  });

  it('is up when it answers PONG', async () => {
    expect(await probe('redis', { host, port: open.port })).toMatchObject({ outcome: 'ok' });
  });

  it('is up with its password, and down with a wrong one or none', async () => {
    const { port } = closed;
    expect(await probe('redis', { host, port, password: 'a long walk' })).toMatchObject({ outcome: 'ok' });
    expect(await probe('redis', { host, port, password: 'a short one' })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('WRONGPASS'),
    });
    expect(await probe('redis', { host, port })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('NOAUTH'),
    });
  });
});

describe('a real Mosquitto', () => {
  let broker: RunningPeer;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker[Symbol.asyncDispose]());

  it('is up when it accepts a connection, also from a client with a name and a password', async () => {
    const { port } = broker;
    expect(await probe('mqtt', { host, port })).toMatchObject({ outcome: 'ok' });
    const named = { host, port, username: 'watch', password: 'a long walk' };
    expect(await probe('mqtt', named)).toMatchObject({ outcome: 'ok' });
  });

  it('is not mistaken for a Redis', async () => {
    expect(await probe('redis', { host, port: broker.port }, { timeoutMs: 1_000 })).toMatchObject({
      outcome: 'failed',
    });
  });
});

describe('a real DNS server', () => {
  let dns: RunningPeer;
  beforeAll(async () => {
    dns = await startDnsmasq([
      '--address=/www.example.com/192.0.2.10',
      '--host-record=six.example.com,2001:db8::10',
      '--cname=alias.example.com,six.example.com',
      '--cname=dangling.example.com,gone.example.com',
      '--mx-host=example.com,mail.example.com,10',
      '--txt-record=example.com,v=spf1 -all',
      '--srv-host=_sip._tcp.example.com,sip.example.com,5060,10,20',
      '--ptr-record=10.2.0.192.in-addr.arpa,www.example.com',
      '--caa-record=example.com,0,issue,letsencrypt.org',
    ]);
  });
  afterAll(() => dns[Symbol.asyncDispose]());
  const ask = (config: Record<string, unknown>) =>
    probe('dns', { name: 'example.com', server: host, server_port: dns.port, ...config });

  it.each([
    ['A', 'www.example.com', '192.0.2.10'],
    ['A', 'WWW.example.com.', '192.0.2.10'],
    ['AAAA', 'six.example.com', '2001:0DB8:0:0::0010'],
    ['CNAME', 'alias.example.com', 'SIX.example.com.'],
    ['MX', 'example.com', '10  Mail.Example.com.'],
    ['TXT', 'example.com', 'v=spf1 -all'],
    ['SRV', '_sip._tcp.example.com', '10 20 5060 sip.example.com'],
    ['PTR', '192.0.2.10', 'www.example.com'],
    ['PTR', '10.2.0.192.in-addr.arpa', 'www.example.com.'],
    ['CAA', 'example.com', '0 issue "letsencrypt.org"'],
  ])('is compared with what is expected: %s of %s is %s', async (record, name, expected) => {
    expect(await ask({ record, name, expected: [expected] })).toMatchObject({ outcome: 'ok' });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ name: 'www.example.com', expected: ['192.0.2.11'] }, 'The answer lacks 192.0.2.11; it is 192.0.2.10.'],
    [{ name: 'gone.example.com' }, 'gone.example.com has no A record: the name does not exist (NXDOMAIN).'],
    [
      { name: 'six.example.com' },
      'six.example.com has no A record: the name exists, but has no such record.',
    ],
    [
      { name: 'dangling.example.com' },
      'dangling.example.com has no A record: it is an alias of gone.example.com, which has no such record.',
    ],
    [
      { name: 'dangling.example.com', record: 'CNAME' },
      'dangling.example.com is an alias of gone.example.com, which does not resolve.',
    ],
    [{ name: 'example.org' }, 'The DNS server refuses to answer for example.org (REFUSED).'],
    [
      { name: 'www.example.com', must_not_exist: true },
      'www.example.com has the record A that should not exist: 192.0.2.10.',
    ],
  ])('says in words what is wrong: %j', async (config, reason) => {
    expect(await ask(config)).toMatchObject({ outcome: 'failed', reason });
  });

  it('passes when a forbidden record is missing, but only when the server itself says that it is', async () => {
    const gone = { must_not_exist: true };
    expect(await ask({ ...gone, name: 'gone.example.com' })).toMatchObject({ outcome: 'ok' });
    expect(await ask({ ...gone, name: 'six.example.com' })).toMatchObject({ outcome: 'ok' });
    expect(await ask({ ...gone, name: 'example.org' })).toMatchObject({ outcome: 'failed' });
  });

  it('fails with different reasons when it is not there and when it does not answer', async () => {
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, host, resolve));
    try {
      const server = { server: host, server_port: silent.address().port };
      expect(await probe('dns', { name: 'example.com', ...server }, { timeoutMs: 500 })).toMatchObject({
        outcome: 'failed',
        reason: 'The DNS server does not answer.',
      });
    } finally {
      await new Promise<void>((resolve) => silent.close(() => resolve()));
    }
    const port = await closedPort();
    expect(await probe('dns', { name: 'example.com', server: host, server_port: port })).toMatchObject({
      outcome: 'failed',
      reason: 'The connection to the DNS server was refused: nothing answers DNS on that port.',
    });
  });

  it('of this machine is not asked about internal addresses', async () => {
    for (const name of ['10.0.0.1', '1.0.0.10.in-addr.arpa'])
      expect(await probe('dns', { name, record: 'PTR' }, { allow: [] })).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/^Refused: 10\.0\.0\.1 .*private/),
      });
  });
});

async function closedPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

describe("the system's ping", () => {
  beforeAll(ensurePing);

  it('gets an answer from this machine, where it may send at all', async () => {
    const may = spawnSync('ping', ['-c', '1', host]).status === 0;
    const run = await probe('icmp', { host });
    expect(run.outcome).toBe(may ? 'ok' : 'unable');
    expect(run.reason).toMatch(may ? /^127\.0\.0\.1 answered in [\d.]+ ms\.$/ : /may not send ICMP here/);
  });
});
