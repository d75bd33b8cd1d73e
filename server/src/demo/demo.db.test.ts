import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../test/support/app.ts';
import { freePort } from '../../../test/support/server-process.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startDemo } from './demo.ts';
import { type Peers, startPeers } from './peers.ts';

const aliveMs = 60_000;
const org = '/api/v1/demo';

let house: TestApp;
let peers: Peers;
let demo: AsyncDisposable;

beforeAll(async () => {
  const port = await freePort();
  peers = await startPeers(port);
  // Nothing on loopback, except the addresses that the demonstration itself needs.
  house = await testApp({
    listen: true,
    port,
    work: true,
    env: { OUTBOUND_ALLOW: '' },
    allow: peers.allowed,
  });
  demo = await startDemo(house.ctx, house.url, peers);
});
afterAll(async () => {
  await demo[Symbol.asyncDispose]();
  await house.close();
  await peers[Symbol.asyncDispose]();
});

const read = async (path: string) => (await house.call('GET', `${org}${path}`)).body;

test('within a minute every source is read, and the devices have its states', {
  timeout: 2 * aliveMs,
}, async () => {
  const sources = await waitFor(
    'three sources to be up',
    async () => {
      const { data } = await read('/sources');
      return data.length === 3 &&
        data.every((one: { state: { status: string } }) => one.state.status === 'up')
        ? data
        : undefined;
    },
    aliveMs,
  );
  for (const { state } of sources) {
    expect(state.fresh).toBe(true);
    expect(state.linked).toBeGreaterThan(0);
    expect(state.objects).toBeGreaterThan(state.linked);
  }
  const bay = await waitFor(
    'three to speak of a bay',
    async () => {
      const answer = await read('/devices/dartmouth-bay-1-pc/sources');
      return answer.data.length === 3 && answer.data.every((one: { fresh: boolean }) => one.fresh)
        ? answer
        : undefined;
    },
    aliveMs,
  );
  expect(bay.data.map((one: { witness: string }) => one.witness)).toEqual(['agent', 'network', 'rmm']);
  expect(bay).toMatchObject({ status: 'online', verdict: { disagreement: false } });
  // It has no agent: its state comes only from the door system.
  await waitFor(
    'the side door to be known',
    async () => {
      const { status, verdict } = await read('/devices/leeds-side-door/sources');
      return status === 'online' && verdict.decided_by === 'UniFi Access';
    },
    aliveMs,
  );
});

test('checks run, a script checks in, and one bay is under maintenance', {
  timeout: 2 * aliveMs,
}, async () => {
  for (const check of ['booking-page', 'nightly-backup'])
    await waitFor(
      `${check} to be up`,
      async () => (await read(`/checks/${check}`)).state.status === 'up',
      aliveMs,
    );
  expect((await read('/maintenance?status=running')).data).toMatchObject([{ slug: 'bay-5-projector' }]);
  await waitFor('the bay to be in maintenance', async () => {
    const { data } = await read('/states?limit=200');
    const bay = data.find((one: { device_id: string }) => one.device_id === 'perth-bay-5-pc');
    return bay.status === 'maintenance';
  });
});

test('its checks reach its own servers, and nothing else that listens on this machine', async () => {
  const reach = async (port: number) =>
    await house.ctx.outbound.vet(`http://127.0.0.1:${port}/`).then(
      () => 'allowed',
      (error: Error) => error.name,
    );
  expect(await reach(peers.booking.port)).toBe('allowed');
  expect(await reach(Number(new URL(house.url).port))).toBe('allowed');
  expect(await reach(await freePort())).toBe('OutboundRefused');
});
