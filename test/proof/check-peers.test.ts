import { spawnSync } from 'node:child_process';
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

  it('is up with its password and down with another or none', async () => {
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

  it('is up when it accepts the connection, also of a client with a name and a password', async () => {
    const { port } = broker;
    expect(await probe('mqtt', { host, port })).toMatchObject({ outcome: 'ok' });
    const named = { host, port, username: 'watch', password: 'a long walk' };
    expect(await probe('mqtt', named)).toMatchObject({ outcome: 'ok' });
  });

  it('is not taken for a Redis', async () => {
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
      '--mx-host=example.com,mail.example.com,10',
      '--txt-record=example.com,v=spf1 -all',
    ]);
  });
  afterAll(() => dns[Symbol.asyncDispose]());
  const ask = (config: Record<string, unknown>) =>
    probe('dns', { name: 'example.com', server: host, server_port: dns.port, ...config });

  it('is compared with what is expected', async () => {
    const www = { name: 'www.example.com', record: 'A' };
    expect(await ask({ ...www, expected: ['192.0.2.10'] })).toMatchObject({ outcome: 'ok' });
    expect(await ask({ ...www, expected: ['192.0.2.11'] })).toMatchObject({
      outcome: 'failed',
      reason: 'The answer lacks 192.0.2.11; it is 192.0.2.10.',
    });
    expect(await ask({ record: 'MX', expected: ['10 mail.example.com'] })).toMatchObject({ outcome: 'ok' });
    expect(await ask({ record: 'TXT', expected: ['v=spf1 -all'] })).toMatchObject({ outcome: 'ok' });
  });

  it('that knows no such record is a failure in words', async () => {
    expect(await ask({ name: 'gone.example.com', record: 'A' })).toMatchObject({
      outcome: 'failed',
      reason: 'gone.example.com has no A record.',
    });
  });
});

describe("the system's ping", () => {
  beforeAll(ensurePing);

  it('hears this machine, where it may send at all', async () => {
    const may = spawnSync('ping', ['-c', '1', host]).status === 0;
    const run = await probe('icmp', { host });
    expect(run.outcome).toBe(may ? 'ok' : 'unable');
    expect(run.reason).toMatch(may ? /^127\.0\.0\.1 answered in [\d.]+ ms\.$/ : /may not send ICMP here/);
  });
});
