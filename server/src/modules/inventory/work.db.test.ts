import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemScope } from '#modules/identity';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { getSite } from './sites/get-site.ts';
import { inOrganization } from './work.ts';

let house: TestApp;
let alice: Tenant;

beforeAll(async () => {
  house = await testApp();
  alice = await testTenant(house, 'alice');
  for (const slug of ['a', 'b'])
    await alice.call('POST', '/sites', { body: { slug, name: slug, timezone: 'UTC' } });
});
afterAll(() => house.close());

it('runs a change again that PostgreSQL ended because of a deadlock', async () => {
  const scope = systemScope(alice.id, alice.slug, 'test');
  const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let attempts = 0;
  const lockBoth = (first: string, second: string, mine: 0 | 1) =>
    inOrganization(house.ctx, scope, async ({ tx }) => {
      attempts += 1;
      await getSite(tx, scope, first, true);
      both[mine].resolve();
      await Promise.all(both.map((one) => one.promise));
      await getSite(tx, scope, second, true);
    });
  await Promise.all([lockBoth('a', 'b', 0), lockBoth('b', 'a', 1)]);
  // The repeated change may be quicker than the other one, and meet it once more.
  expect(attempts).toBeGreaterThanOrEqual(3);
});
