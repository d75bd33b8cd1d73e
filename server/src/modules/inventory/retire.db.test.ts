import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';

const jobsMax = 500;

let house: TestApp;
let alice: Tenant;
let bob: Tenant;
let token: string;

beforeAll(async () => {
  house = await testApp({});
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  await alice.call('POST', '/sites', { body: { slug: 'north', name: 'North', timezone: 'UTC' } });
  await alice.call('POST', '/devices', { body: { slug: 'kept', site: 'north' } });
  token = (await alice.call('POST', '/devices', { body: { slug: 'old-pc', site: 'north' } })).body.token;
});
afterAll(() => house.close());

let accepted = 0;
const beat = async () => {
  const answer = await house.call('POST', '/heartbeat', {
    token,
    body: { device_id: 'old-pc', tenant_id: 'alice', store_id: 'north', status: 'ok', sequence: Date.now() },
  });
  if (answer.status === 202 && !answer.body.duplicate) accepted += 1;
  return answer;
};
const slugs = async (path: string) =>
  (await alice.call('GET', path)).body.data.map(
    (row: { slug?: string; device_id?: string }) => row.slug ?? row.device_id,
  );
const stateRows = async () =>
  (
    await house.ctx.db.pool.query(
      "select 1 from device_state s join devices d on d.key = s.device_key where d.slug = 'old-pc'",
    )
  ).rowCount;

it('retiring a device refuses its heartbeats with a reason, hides it from lists and keeps its history', async () => {
  expect((await beat()).status).toBe(202);
  const retired = await alice.call('POST', '/devices/old-pc/retire');
  expect(retired).toMatchObject({ status: 200, body: { slug: 'old-pc', retired_at: expect.any(String) } });

  const refused = await waitFor('the heartbeat is refused', async () => {
    const answer = await beat();
    return answer.status === 202 ? undefined : answer;
  });
  expect(refused).toMatchObject({ status: 410, body: { code: 'device_retired' } });
  const batch = await house.call('POST', '/heartbeats', {
    token,
    body: [{ device_id: 'old-pc', tenant_id: 'alice', store_id: 'north', status: 'ok' }],
  });
  expect(batch.body).toMatchObject({ rejected: 1, results: [{ error: { code: 'device_retired' } }] });

  // A device without a state is not judged, and no heartbeat under way makes a state again.
  await house.app.workOnce(jobsMax);
  await beat();
  expect(await stateRows()).toBe(0);
  for (const list of ['/devices', '/states']) {
    expect(await slugs(list)).toEqual(['kept']);
    expect(await slugs(`${list}?retired=only`)).toEqual(['old-pc']);
    expect(await slugs(`${list}?retired=all`)).toEqual(['kept', 'old-pc']);
  }
  expect((await alice.call('GET', '/sites/north')).body.device_count).toBe(1);
  expect((await alice.call('GET', '/devices/old-pc/heartbeats')).body.data).toHaveLength(accepted);
  expect((await alice.call('GET', '/devices/old-pc/state')).body).toMatchObject({
    status: 'unknown',
    retired_at: retired.body.retired_at,
  });
  const again = await alice.call('POST', '/devices/old-pc/retire');
  expect(again.body).toEqual(retired.body);
  const { data } = (await alice.call('GET', '/audit?action=device.retired')).body;
  expect(data).toMatchObject([{ target: { kind: 'device', name: 'old-pc' } }]);
});

it('a device that comes back is heard again with its old token', async () => {
  const back = await alice.call('POST', '/devices/old-pc/return');
  expect(back).toMatchObject({ status: 200, body: { retired_at: null } });
  await waitFor('the heartbeat is taken', async () => ((await beat()).status === 202 ? true : undefined));
  expect(await slugs('/devices')).toEqual(['kept', 'old-pc']);
  expect((await alice.call('GET', '/audit?action=device.returned')).body.data).toHaveLength(1);
});

it('nobody can retire a device without permission, with an outdated version, or in another organization', async () => {
  const path = '/api/v1/alice/devices/kept/retire';
  expect((await house.call('POST', path, { token: alice.readKey })).status).toBe(403);
  expect((await house.call('POST', path, { token: null })).status).toBe(401);
  expect((await bob.call('POST', '/devices/kept/retire')).status).toBe(404);
  const stale = await alice.call('POST', '/devices/kept/retire', { headers: { 'if-match': '"99"' } });
  expect(stale.status).toBe(412);
  expect(await slugs('/devices?retired=only')).toEqual([]);
});
