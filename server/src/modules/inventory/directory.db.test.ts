import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret, newId } from '#platform/ids';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { provisionDevice } from './devices/provision-device.ts';
import { directoryBatchMax, findSiteByAddress, loadDirectory } from './directory/store.ts';

let house: TestApp;
let alice: Tenant;
let bob: Tenant;
let token: string;
let deviceId: string;

beforeAll(async () => {
  house = await testApp();
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  for (const tenant of [alice, bob]) {
    await tenant.call('POST', '/sites', { body: { slug: 'north', name: 'North', timezone: 'UTC' } });
    const created = await tenant.call('POST', '/devices', { body: { slug: 'pc-1', site: 'north' } });
    if (tenant === alice) ({ token, id: deviceId } = created.body);
  }
});
afterAll(() => house.close());

describe('loadDirectory', () => {
  it('finds a device by its token, address, id and key, and separates tenants', async () => {
    await house.ctx.db.system(async (tx) => {
      const [byToken] = await loadDirectory(tx, {
        tokenHashes: [hashSecret(token), hashSecret('wkd_wrong')],
      });
      expect(byToken).toMatchObject({
        device_id: deviceId,
        device_slug: 'pc-1',
        organization_id: alice.id,
        organization_slug: 'alice',
        site_slug: 'north',
        area_id: null,
        type_id: null,
        token_hash: hashSecret(token),
      });
      const address = { organizationSlug: 'alice', deviceSlug: 'pc-1' };
      expect(
        await loadDirectory(tx, {
          addresses: [address, address, { organizationSlug: 'alice', deviceSlug: 'pc-2' }],
        }),
      ).toEqual([byToken]);
      expect(await loadDirectory(tx, { deviceIds: [deviceId, newId()] })).toEqual([byToken]);
      expect(await loadDirectory(tx, { deviceKeys: [byToken?.device_key ?? 0] })).toEqual([byToken]);
      expect(await loadDirectory(tx, { deviceKeys: [] })).toEqual([]);
    });
  });

  it('refuses a batch that is too large', async () => {
    const deviceKeys = Array.from({ length: directoryBatchMax + 1 }, (_, index) => index);
    await expect(house.ctx.db.system((tx) => loadDirectory(tx, { deviceKeys }))).rejects.toThrow(RangeError);
  });
});

describe('provisionDevice', () => {
  it('makes one device from two simultaneous first heartbeats, without a token, and audits it', async () => {
    const site = await house.ctx.db.system((tx) => findSiteByAddress(tx, 'alice', 'north'));
    const provision = {
      organizationId: alice.id,
      organizationSlug: 'alice',
      siteId: site?.site_id ?? '',
      slug: 'new-1',
      at: new Date(house.ctx.clock.now()),
    };
    const devices = await Promise.all(
      [0, 1].map(() => house.ctx.db.system((tx) => provisionDevice(house.ctx, tx, provision))),
    );
    expect(devices[0]).toEqual(devices[1]);
    expect((await alice.call('GET', '/devices/new-1')).body).toMatchObject({
      name: 'new-1',
      site: 'north',
      provisioned: true,
    });
    const { data } = (await alice.call('GET', '/audit?action=device.provisioned')).body;
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ target: { name: 'new-1' } });
    expect((await bob.call('GET', '/devices/new-1')).status).toBe(404);
  });

  it('finds no site for an unknown tenant or store', async () => {
    await house.ctx.db.system(async (tx) => {
      expect(await findSiteByAddress(tx, 'nobody', 'north')).toBeUndefined();
      expect(await findSiteByAddress(tx, 'alice', 'nowhere')).toBeUndefined();
    });
  });
});
