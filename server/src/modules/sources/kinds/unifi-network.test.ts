import { afterEach, beforeEach, expect, test } from 'vitest';
import { networkKey, startUnifiNetwork, type UnifiNetwork } from '../../../demo/simulators/unifi-network.ts';
import { reader, stateOf } from '../sources.fixture.ts';

let network: UnifiNetwork;

beforeEach(async () => {
  network = await startUnifiNetwork();
  network.devices.push(
    { id: 'ap-1', name: 'Hall', macAddress: '02:00:00:00:01:01', state: 'ONLINE' },
    { id: 'ap-2', name: 'Yard', macAddress: '02:00:00:00:01:02', state: 'OFFLINE' },
    { id: 'ap-3', name: 'New', macAddress: '02:00:00:00:01:03', state: 'ADOPTING' },
  );
  for (let index = 1; index <= 5; index += 1)
    network.clients.push({
      id: `client-${index}`,
      name: `bay-${index}-tablet`,
      macAddress: `02:00:00:00:00:0${index}`,
      type: 'WIRELESS',
      connectedAt: '2026-11-20T08:01:12Z',
    });
});
afterEach(() => network[Symbol.asyncDispose]());

const lan = (more: object = {}) =>
  reader('unifi_network', { base_url: network.url, api_key: networkKey, ...more });

test("devices have the console's state, and a listed client is connected; pages use an offset", async () => {
  network.settings.pageSizeMax = 2;
  const reading = await lan().read();
  expect(reading.complete).toBe(true);
  expect([stateOf(reading, 'ap-1'), stateOf(reading, 'ap-2'), stateOf(reading, 'ap-3')]).toEqual([
    'online',
    'offline',
    'unknown',
  ]);
  expect(reading.objects.find(({ externalId }) => externalId === 'client-3')).toMatchObject({
    state: 'online',
    whenAbsent: 'offline',
    hostname: 'bay-3-tablet',
    macs: ['02:00:00:00:00:03'],
    since: new Date('2026-11-20T08:01:12Z'),
  });
  expect(network.asked.filter((line) => line.includes('/clients?'))).toHaveLength(3);
});

test('guests are not kept', async () => {
  const [guest] = network.clients;
  if (guest !== undefined) guest.access = { type: 'GUEST' };
  expect(stateOf(await lan().read(), 'client-1')).toBeUndefined();
});

test('a client that slips between two pages is not lost: the list is read again', async () => {
  network.settings.pageSizeMax = 2;
  let left = 1;
  // The first client leaves after the first page; those behind it move up by one.
  network.settings.afterPage = () => {
    if (left > 0) network.clients.shift();
    left -= 1;
  };
  const source = lan();
  const reading = await source.read();
  expect(source.log.join()).toContain('changed while it was read; reading it again');
  expect(reading.complete).toBe(true);
  expect(stateOf(reading, 'client-3')).toBe('online');
});

test('a list that always changes is reported incomplete', async () => {
  network.settings.pageSizeMax = 2;
  network.settings.afterPage = () => void network.clients.shift();
  expect((await lan().read()).complete).toBe(false);
});

test('a site is found by its name or reference; with several sites one is required', async () => {
  expect((await lan({ site: 'default' }).read()).objects).not.toHaveLength(0);
  await expect(lan({ site: 'Elsewhere' }).read()).rejects.toThrow('The console has no site "Elsewhere".');
  network.sites.push({ id: 'site-2', internalReference: 'x', name: 'Second' });
  await expect(lan().read()).rejects.toThrow('The console has 2 sites: name one.');
});

test('a site is also found after the first page', async () => {
  network.settings.pageSizeMax = 25;
  for (let index = 2; index <= 60; index += 1)
    network.sites.unshift({ id: `site-${index}`, internalReference: `ref-${index}`, name: `Club ${index}` });
  const reading = await lan({ site: 'Default' }).read();
  expect(stateOf(reading, 'client-1')).toBe('online');
  await expect(lan().read()).rejects.toThrow('The console has 60 sites: name one.');
});

test('an odd client affects only itself and is reported; nulls and unused fields are not odd', async () => {
  network.settings.pageSizeMax = 2;
  network.strange.push(
    { id: 7, name: 'a number for an id' },
    'a text',
    null,
    {
      id: 'bare',
      name: null,
      type: null,
      macAddress: null,
      connectedAt: null,
      access: null,
      more: { x: [1] },
    },
    { id: 'odd-access', access: 'DEFAULT', connectedAt: 12, ipAddress: {} },
  );
  const reading = await lan().read();
  expect(reading.complete).toBe(true);
  expect(['client-5', 'bare', 'odd-access'].map((id) => stateOf(reading, id))).toEqual(
    Array(3).fill('online'),
  );
  expect(reading.warnings).toEqual([
    'An item of /sites/site-1/clients could not be read: /id must be string.',
    'An item of /sites/site-1/clients could not be read: it must be object.',
    'An item of /sites/site-1/clients could not be read: it must be object.',
  ]);
});

test('a list without a length ends with an empty page', async () => {
  network.fail(
    { kind: 'json', body: { totalCount: null, data: [{ id: 'ap-9', state: 'ONLINE' }] } },
    { path: /devices/, times: 1 },
  );
  expect((await lan().read()).complete).toBe(true);
});

test('a wrong key is reported as such', async () => {
  await expect(lan({ api_key: 'other' }).read()).rejects.toThrow(/does not accept the credential/);
});
