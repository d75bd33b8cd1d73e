import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';

let house: TestApp;
let alice: Tenant;
let bob: Tenant;

beforeAll(async () => {
  house = await testApp({ work: true });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
});
afterAll(() => house.close());

const pos = {
  slug: 'pos_tablet',
  name: 'POS tablet',
  check_interval: '1m',
  timeout: 2.5,
  retries: 1,
  alert_after_failures: 2,
  recover_after_successes: 1,
  check_method: 'http',
};
const audit = async (action: string) => (await alice.call('GET', `/audit?action=${action}`)).body.data;

describe('device types', () => {
  it('exist from the start in every organization, and keep the changes of an operator', async () => {
    const types = await waitFor('the first types', async () => {
      const { data } = (await bob.call('GET', '/device-types')).body;
      return data.length === 3 ? data : undefined;
    });
    expect(types).toMatchObject([
      {
        slug: 'door_controller',
        check_interval: 60,
        timeout: 3,
        retries: 2,
        alert_after_failures: 3,
        recover_after_successes: 1,
        check_method: 'unifi_access',
      },
      {
        slug: 'network_connectivity',
        check_interval: 15,
        timeout: 2,
        retries: 1,
        alert_after_failures: 1,
        recover_after_successes: 1,
        check_method: 'icmp',
      },
      {
        slug: 'trackman_pc',
        check_interval: 30,
        timeout: 5,
        retries: 3,
        alert_after_failures: 2,
        recover_after_successes: 1,
        check_method: 'ninjaone',
      },
    ]);
  });

  it('take durations in any spelling and answer in seconds', async () => {
    const created = await alice.call('POST', '/device-types', { body: pos });
    expect(created).toMatchObject({
      status: 201,
      body: { ...pos, check_interval: 60, timeout: 2.5, device_count: 0 },
    });
    expect(created.headers.location).toBe('/api/v1/alice/device-types/pos_tablet');
    expect((await alice.call('GET', `/device-types/${created.body.id}`)).body).toEqual(created.body);
    expect((await audit('device_type.created'))[0]).toMatchObject({
      target: { kind: 'device_type', name: 'pos_tablet' },
    });
    expect((await alice.call('POST', '/device-types', { body: pos })).status).toBe(409);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an interval of nothing', { check_interval: 0 }, 'check_interval'],
    ['an interval of a month', { check_interval: '30d' }, 'check_interval'],
    ['a timeout of an hour', { timeout: '1h' }, 'timeout'],
    ['an invalid duration', { timeout: 'soon' }, 'timeout'],
    ['no failures before an alert', { alert_after_failures: 0 }, 'alert_after_failures'],
    ['a method with blanks', { check_method: 'look at it' }, 'check_method'],
  ])('are refused with %s', async (_name, wrong, field) => {
    const answer = await alice.call('POST', '/device-types', { body: { ...pos, slug: 'wrong', ...wrong } });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('are replaced under If-Match', async () => {
    const { headers } = await alice.call('POST', '/device-types', { body: { ...pos, slug: 'edited' } });
    const { slug: _slug, ...fields } = pos;
    const put = (retries: number) =>
      alice.call('PUT', '/device-types/edited', {
        body: { ...fields, retries },
        headers: { 'if-match': String(headers.etag) },
      });
    expect(await put(4)).toMatchObject({ status: 200, body: { slug: 'edited', retries: 4 } });
    expect((await put(5)).status).toBe(412);
    expect((await audit('device_type.updated'))[0]).toMatchObject({
      before: { retries: 1 },
      after: { retries: 4 },
    });
  });

  it('are kept while a device is of that type', async () => {
    await alice.call('POST', '/device-types', { body: { ...pos, slug: 'used' } });
    await alice.call('POST', '/sites', { body: { slug: 'shop', name: 'Shop', timezone: 'UTC' } });
    await alice.call('POST', '/devices', { body: { slug: 'till', site: 'shop', type: 'used' } });
    expect(await alice.call('DELETE', '/device-types/used')).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    await alice.call('DELETE', '/devices/till');
    expect((await alice.call('DELETE', '/device-types/used')).status).toBe(204);
    expect((await alice.call('GET', '/device-types/used')).status).toBe(404);
    expect((await audit('device_type.deleted'))[0]).toMatchObject({ target: { name: 'used' } });
  });

  it('cannot be changed by strangers, readers and other tenants', async () => {
    const type = (await alice.call('POST', '/device-types', { body: { ...pos, slug: 'mine' } })).body;
    expect((await alice.call('POST', '/device-types', { body: pos, token: null })).status).toBe(401);
    expect((await alice.call('POST', '/device-types', { body: pos, token: alice.readKey })).status).toBe(403);
    expect((await alice.call('POST', '/device-types', { body: pos, token: bob.key })).status).toBe(404);
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const options = method === 'PUT' ? { body: pos } : {};
      expect((await bob.call(method, `/device-types/${type.id}`, options)).status).toBe(404);
      expect((await alice.call(method, '/device-types/mine', { ...options, token: null })).status).toBe(401);
    }
    expect((await alice.call('DELETE', '/device-types/mine', { token: alice.readKey })).status).toBe(403);
  });
});
