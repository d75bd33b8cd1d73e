import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessToken } from './simulators/unifi-access.ts';
import { networkKey } from './simulators/unifi-network.ts';
import { startThirdParties, type ThirdParties } from './third-parties.ts';

const began = Date.parse('2026-03-02T12:00:00Z');

let parties: ThirdParties;
beforeAll(async () => {
  parties = await startThirdParties(new Date(began));
});
afterAll(async () => await parties[Symbol.asyncDispose]());

function at(second: number): void {
  parties.follow(new Date(began + second * 1_000), second, []);
}

async function get(which: number, path: string, headers: Record<string, string>): Promise<Response> {
  return await fetch(`http://127.0.0.1:${parties.ports[which]}${path}`, { headers });
}

async function offlineInRmm(): Promise<string[]> {
  const minted = await fetch(`http://127.0.0.1:${parties.ports[0]}/ws/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'sim-client',
      client_secret: 'sim-secret',
    }),
  });
  // Safe because the simulator answers as NinjaOne does.
  const { access_token: token } = (await minted.json()) as { access_token: string };
  const answer = await get(0, '/v2/devices?pageSize=100', { authorization: `Bearer ${token}` });
  const devices = (await answer.json()) as { displayName: string; offline: boolean }[];
  return devices.filter((device) => device.offline).map((device) => device.displayName);
}

async function connected(): Promise<string[]> {
  const path = '/proxy/network/integration/v1/sites/site-1/clients?limit=100';
  // Safe because the simulator answers as a UniFi console does.
  const page = (await (await get(2, path, { 'x-api-key': networkKey })).json()) as {
    data: { name: string }[];
  };
  return page.data.map((client) => client.name);
}

const doorsStatus = async () =>
  (await get(1, '/api/v1/developer/doors', { authorization: `Bearer ${accessToken}` })).status;

test('a PC that falls silent leaves the network at once, and is offline in the RMM after a while', async () => {
  at(10);
  expect(await connected()).not.toContain('dartmouth-bay-4-pc');
  expect(await offlineInRmm()).toEqual(['OLD-TILL']);
  at(40);
  expect(await offlineInRmm()).toEqual(expect.arrayContaining(['DARTMOUTH-BAY-4-PC', 'OLD-TILL']));
  at(245);
  expect(await connected()).toContain('dartmouth-bay-4-pc');
  expect(await offlineInRmm()).not.toContain('DARTMOUTH-BAY-4-PC');
});

test('once per round the RMM is wrong about a PC that is well', async () => {
  at(60);
  expect(await connected()).toContain('perth-bay-3-pc');
  expect(await offlineInRmm()).toContain('PERTH-BAY-3-PC');
  at(200);
  expect(await offlineInRmm()).not.toContain('PERTH-BAY-3-PC');
});

test('once per round the door system answers errors for some minutes, then works again', async () => {
  at(230);
  expect(await doorsStatus()).toBe(200);
  at(300);
  expect(await doorsStatus()).toBe(503);
  at(405);
  expect(await doorsStatus()).toBe(200);
});
