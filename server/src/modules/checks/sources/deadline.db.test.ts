import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { type NinjaOne, ninjaCredentials, startNinjaOne } from '../../../demo/simulators/ninjaone.ts';
import { tcpServer } from '../checks.fixture.ts';
import { runDueChecks } from '../index.ts';

// Third parties that accept the call and never finish the answer, beside healthy ones.

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n';
/** The third party's action after a request. */
const ways: Readonly<Record<string, (socket: Socket) => void>> = {
  silent: () => undefined,
  headers: (socket) => void socket.write(head),
  drip(socket) {
    socket.write(head);
    const timer = setInterval(() => socket.write(' '), 1_000);
    socket.on('close', () => clearInterval(timer));
  },
};
const kinds: Readonly<Record<string, object>> = {
  ninjaone: ninjaCredentials,
  unifi_network: { api_key: 'never-looked-at' },
  unifi_access: { token: 'never-looked-at' },
};

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let bob: Tenant;
let ninja: NinjaOne;
const servers: ({ readonly port: number } & AsyncDisposable)[] = [];
/** Open connections and calls, over all of them. */
let openNow = 0;
let asked = 0;

beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock });
  ninja = await startNinjaOne();
  ninja.devices.push({ id: 4101, offline: false, displayName: 'BAY-1' });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
});
afterAll(async () => {
  for (const server of [ninja, ...servers]) await server[Symbol.asyncDispose]();
  await house.close();
});

async function hanging(way: (socket: Socket) => void): Promise<string> {
  const server = await tcpServer((socket) => {
    openNow += 1;
    socket.on('close', () => {
      openNow -= 1;
    });
    socket.once('data', () => {
      asked += 1;
      way(socket);
    });
  });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

async function addSource(
  tenant: Tenant,
  slug: string,
  kind: string,
  config: object,
  more: object = {},
): Promise<void> {
  const body = { slug, kind, config, interval: '30s', ...more };
  const made = await tenant.call('POST', '/sources', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
}

const stateOf = async (tenant: Tenant, slug: string) =>
  (await tenant.call('GET', `/sources/${slug}`)).body.state;

test('readings that never end stop at their timeout, say so, give their places back and delay nobody', async () => {
  const slugs: string[] = [];
  for (const [way, act] of Object.entries(ways))
    for (const [kind, config] of Object.entries(kinds)) {
      const slug = `${kind.replace('_', '-')}-${way}`;
      await addSource(alice, slug, kind, { ...config, base_url: await hanging(act) }, { timeout: '5s' });
      slugs.push(slug);
    }
  await addSource(alice, 'well', 'ninjaone', { ...ninjaCredentials, base_url: ninja.url });
  await addSource(bob, 'well', 'ninjaone', { ...ninjaCredentials, base_url: ninja.url });

  for (let round = 1; round <= 2; round += 1) {
    clock.advance(31);
    await runDueChecks(house.ctx);
    // Each was called again: the earlier readings lost no place.
    expect(asked).toBe(round * slugs.length);
    await waitFor('every connection to be closed', () => openNow === 0);
    const reason = 'No complete answer within 5000 ms.';
    // Two in a row are a fault that people are told of.
    const seen = round === 1 ? { failing: { reason, readings: 1 } } : { status: 'down', reason };
    for (const slug of slugs)
      expect(await stateOf(alice, slug), slug).toMatchObject({ last_reading: null, ...seen });
    for (const tenant of [alice, bob])
      expect(await stateOf(tenant, 'well')).toMatchObject({ status: 'up', objects: 1 });
  }
  // No work of it continues in this process.
  const health = await house.call('GET', '/health/ready', { token: null });
  expect(health.body.checks['work:deadlines']).toMatchObject({ status: 'pass', observed_value: 0 });
});
