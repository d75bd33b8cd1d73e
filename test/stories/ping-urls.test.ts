import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HealthChecksPingClient } from 'healthchecks-io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureCurl } from '../../scripts/test-engines.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type HttpReceiver, httpReceiver } from '../support/receivers.ts';
import { waitFor } from '../support/wait-for.ts';

/** Scripts check in with curl, in the way that crontabs call it. */

let webhook: HttpReceiver;
let house: TestApp;
let folder: string;

beforeAll(async () => {
  ensureCurl();
  webhook = await httpReceiver();
  folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-pings-'));
  house = await testApp({
    work: true,
    listen: true,
    env: {
      ALERT_CHECK_INTERVAL: '0.5',
      WEBHOOK_URLS: `${webhook.url}/hook`,
      PING_RATE_LIMIT_PER_MINUTE: '1000',
    },
  });
});
afterAll(async () => {
  await house.close();
  await webhook[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Said {
  readonly exit: number;
  readonly out: string;
}

/** Runs Debian's curl through a shell, as cron does. `{}` is the address. */
function shell(line: string, url: string): Promise<Said> {
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', line.replaceAll('{}', url)],
      { cwd: folder, timeout: 60_000 },
      (error, stdout) => {
        const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ exit, out: stdout });
      },
    );
  });
}

async function make(slug: string, config: object): Promise<string> {
  const body = { slug, name: `Job ${slug}`, kind: 'ping', config };
  const made = await house.call('POST', '/api/v1/default/checks', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return `${house.url}${new URL(made.body.ping_url).pathname}`;
}
const read = async (slug: string) => (await house.call('GET', `/api/v1/default/checks/${slug}`)).body;
const until = (slug: string, status: string) =>
  waitFor(`${slug} to be ${status}`, async () =>
    (await read(slug)).state.status === status ? true : undefined,
  );
const told = (slug: string) => webhook.received.filter(({ body }) => body.includes(`Job ${slug}`));

test('a nightly script that only changed its address runs, fails, falls silent, and comes back', async () => {
  // Taken over from the Healthchecks instance that the script used before.
  const uuid = '31365bce-0000-4000-8000-00000000000c';
  const url = await make('nightly', { period: 2, grace: 3, max_run_time: 600, uuid });
  expect(url).toBe(`${house.url}/ping/${uuid}`);

  expect(await shell('curl -fsS -m 10 --retry 5 {}/start', url)).toEqual({ exit: 0, out: 'OK' });
  await waitFor('the run to show', async () => (await read('nightly')).ping.phase === 'started');
  expect(await shell('true; curl -fsS -m 10 --retry 5 -o /dev/null {}/$?', url)).toEqual({
    exit: 0,
    out: '',
  });
  await until('nightly', 'up');
  expect((await read('nightly')).ping.last_duration_ms).toBeGreaterThan(0);

  expect((await shell('false; curl -fsS -m 10 --retry 5 --data-raw "no space left" {}/$?', url)).out).toBe(
    'OK',
  );
  await until('nightly', 'down');
  expect((await read('nightly')).state.reason).toBe('It ended with exit status 1.');
  expect((await shell('curl -fsS -m 10 {}', url)).out).toBe('OK');
  await until('nightly', 'up');

  // No more pings: it is late, and then it is missed.
  await until('nightly', 'down');
  expect((await read('nightly')).state.reason).toMatch(/^It last checked in at /);
  expect((await shell('curl -fsS -m 10 {}', url)).out).toBe('OK');
  await until('nightly', 'up');
  await waitFor('the webhook to hear of it', () => told('nightly').length >= 2);
  const { data } = (await house.call('GET', '/api/v1/default/checks/nightly/pings')).body;
  expect(data.map((ping: { kind: string }) => ping.kind)).toEqual([
    'success',
    'success',
    'fail',
    'success',
    'start',
  ]);
  expect(data[2]).toMatchObject({
    body_start: 'no space left',
    exit_status: 1,
    user_agent: expect.stringMatching(/^curl\//),
  });
});

test('a body is accepted in every way that curl sends it, and only its first bytes are kept', async () => {
  const url = await make('bodies', { period: 3_600 });
  await writeFile(path.join(folder, 'job.log'), `first line\n${'x'.repeat(20_000)}`);
  const lines = [
    'curl -fsS --data-raw "$(head -c 5 job.log)" {}/log',
    'curl -fsS --data-binary @job.log {}/log',
    'curl -fsS -T job.log {}/log',
    'cat job.log | curl -fsS -X POST -T - {}/log',
    'curl -fsS -F log=@job.log {}/log',
    'curl -fsS -X POST -H "Content-Type: application/json" {}/log',
    'curl -fsS -H "Content-Type: application/json" {}/log',
    'curl -fsSI {}/log',
  ];
  for (const line of lines) {
    const { exit, out } = await shell(line, url);
    expect(exit, line).toBe(0);
    if (!line.includes('-fsSI')) expect(out, line).toBe('OK');
  }
  const pings = await waitFor('all of them to show', async () => {
    const { data } = (await house.call('GET', '/api/v1/default/checks/bodies/pings')).body;
    return data.length === lines.length ? data.reverse() : undefined;
  });
  expect(pings.map((ping: { method: string }) => ping.method)).toEqual([
    'POST',
    'POST',
    'PUT',
    'POST',
    'POST',
    'POST',
    'GET',
    'HEAD',
  ]);
  expect(pings[0].body_start).toBe('first');
  for (const index of [1, 2, 3]) expect(pings[index]).toMatchObject({ body_bytes: 20_011 });
  const whole = (await house.call('GET', `/api/v1/default/checks/bodies/pings/${pings[1].n}`)).body;
  expect(Buffer.byteLength(whole.body)).toBe(10_000);
});

/** Bytes of buffers that are still referenced, without garbage that is not yet collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

test('a body of 100 MB is read to its end and answered, and not kept in memory', async () => {
  const url = await make('huge', { period: 3_600 });
  let most = 0;
  const before = heldBytes();
  const watch = setInterval(() => {
    most = Math.max(most, heldBytes() - before);
  }, 500);
  const line = 'head -c 100000000 /dev/zero | curl -fsS -m 60 -H "Expect:" --data-binary @- {}/log';
  expect(await shell(line, url)).toEqual({ exit: 0, out: 'OK' });
  clearInterval(watch);
  expect(most).toBeLessThan(40_000_000);
  const ping = await waitFor('it to show', async () => {
    const { data } = (await house.call('GET', '/api/v1/default/checks/huge/pings')).body;
    return data[0];
  });
  expect(ping.body_bytes).toBe(100_000_000);
  const late = await shell(
    'head -c 200000000 /dev/zero | curl -fsS -m 60 -H "Expect:" --data-binary @- {}/log',
    url,
  );
  expect(late.exit).not.toBe(0);
});

test('curl -f fails on wrong addresses, with the same words as in Healthchecks', async () => {
  const url = await make('wrong', { period: 3_600 });
  const status = (suffix: string, base = url) => shell(`curl -sS -w " %{http_code}" "{}${suffix}"`, base);
  expect((await status('/256')).out).toBe('invalid url format 400');
  expect((await status('?rid=1')).out).toBe('invalid uuid format 400');
  expect((await status('/ping/31365bce-0000-4000-8000-0000000000ff', house.url)).out).toBe('not found 404');
  expect((await shell('curl -fsS {}/300', url)).exit).toBe(22);
});

test("with a ping key, a fleet's scripts need no check made before", async () => {
  const body = { name: 'Fleet', key: 'nXhZ8mB4pQ2kR7vT9wY3sA' };
  expect((await house.call('POST', '/api/v1/default/ping-keys', { body })).status).toBe(201);
  const base = `${house.url}/ping/${body.key}`;
  const hosts = ['web-1', 'web-2', 'db-1'];
  const first = await Promise.all(
    hosts.map((host) => shell(`curl -fsS -w " %{http_code}" "{}/${host}-backup?create=1"`, base)),
  );
  expect(first.map(({ out }) => out)).toEqual(['Created 201', 'Created 201', 'Created 201']);
  expect((await shell('curl -fsS "{}/web-1-backup?create=1"', base)).out).toBe('OK');
  for (const host of hosts) await until(`${host}-backup`, 'up');
});

test('push monitors of Uptime Kuma and external endpoints of Gatus also move by a change of the host name', async () => {
  await make('kuma', { period: 60, push_token: 'Ab3dEf6hIj9kLmN2pQr5' });
  const push = 'curl -fsS "{}/api/push/Ab3dEf6hIj9kLmN2pQr5?status=up&msg=OK&ping=17"';
  expect((await shell(push, house.url)).out).toBe('{"ok":true}');
  await until('kuma', 'up');
  await make('core_backup', { period: 60, push_token: 'gatus-token-0123456789' });
  const external =
    'curl -fsS -X POST -H "Authorization: Bearer gatus-token-0123456789" "{}/api/v1/endpoints/core_backup/external?success=false&error=timeout&duration=10s"';
  expect(await shell(external, house.url)).toEqual({ exit: 0, out: '' });
  await until('core_backup', 'down');
});

/** A bad minute of the network: answers 503 and cuts connections before it lets requests through. */
async function flaky(failures: number): Promise<{ server: Server; url: string }> {
  let left = failures;
  const server = createServer((request, response) => {
    left -= 1;
    if (left >= 0 && left % 2 === 1) return void request.socket.destroy();
    if (left >= 0) return void response.writeHead(503, { 'retry-after': '0' }).end();
    fetch(`${house.url}${request.url}`)
      .then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
      .catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because a server that listens on TCP has such an address.
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("curl's retries succeed after a bad minute, and a retried end counts once for the job", async () => {
  const url = new URL(await make('retrying', { period: 3_600 })).pathname;
  const { server, url: front } = await flaky(4);
  try {
    const line = `curl -fsS -m 10 --retry 8 --retry-all-errors --retry-delay 1 --retry-max-time 30 "{}${url}"`;
    expect((await shell(line, front)).out).toBe('OK');
    await until('retrying', 'up');
    // The answer was lost, so curl asked again: the job is up and has one result.
    const rid = '31365bce-0000-4000-8000-00000000000d';
    expect((await shell(`curl -fsS "{}${url}/start?rid=${rid}"`, house.url)).out).toBe('OK');
    for (let tries = 0; tries < 2; tries += 1)
      expect((await shell(`curl -fsS "{}${url}?rid=${rid}"`, house.url)).out).toBe('OK');
    await waitFor('four pings', async () => (await read('retrying')).ping.pings === 4);
    expect(await read('retrying')).toMatchObject({ state: { status: 'up' }, ping: { runs: 0, phase: 'up' } });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a stock client of Healthchecks only changes its base URL: it reports a run, a failure with a log, and a recovery', async () => {
  const uuid = '31365bce-0000-4000-8000-00000000000e';
  await make('stock-client', { period: 3_600, grace: 60, max_run_time: 600, uuid });
  const client = (id: string) =>
    new HealthChecksPingClient({ uuid: id, baseUrl: `${house.url}/ping`, returnResponse: true });
  const job = client(uuid);

  expect(await job.start()).toBe('OK');
  await waitFor('the run to show', async () => (await read('stock-client')).ping.phase === 'started');
  expect(await job.success()).toBe('OK');
  await until('stock-client', 'up');
  expect((await read('stock-client')).ping).toMatchObject({
    phase: 'up',
    last_duration_ms: expect.any(Number),
  });

  expect(await job.start()).toBe('OK');
  expect(await job.fail('pg_dump: größer als der Datenträger')).toBe('OK');
  await until('stock-client', 'down');
  expect((await read('stock-client')).state.reason).toBe(
    'It reported a failure: pg_dump: größer als der Datenträger',
  );
  await waitFor('the webhook to hear of it', () => told('stock-client').length >= 1);
  expect(await job.success('42 tables saved')).toBe('OK');
  await until('stock-client', 'up');

  const { data } = (await house.call('GET', '/api/v1/default/checks/stock-client/pings')).body;
  const agent = expect.stringMatching(/^HealthChecks-IO-Client-JS\//);
  expect(data).toMatchObject([
    { kind: 'success', method: 'POST', body_start: '42 tables saved', user_agent: agent },
    { kind: 'fail', method: 'POST', body_start: 'pg_dump: größer als der Datenträger', user_agent: agent },
    { kind: 'start', method: 'GET', user_agent: agent },
    { kind: 'success', method: 'GET', user_agent: agent },
    { kind: 'start', method: 'GET', user_agent: agent },
  ]);

  // Nobody made this check: the client throws the code and the words of the original.
  await expect(client('31365bce-0000-4000-8000-0000000000fe').success()).rejects.toMatchObject({
    name: 'StatusCodeError',
    statusCode: 404,
    body: 'not found',
  });
});
