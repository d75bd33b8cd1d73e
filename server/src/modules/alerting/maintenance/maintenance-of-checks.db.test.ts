import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDueChecks } from '#modules/checks';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';

let house: TestApp;
let clock: TestClock;
let acme: Tenant;
let target: Awaited<ReturnType<typeof startLoopbackServer>>;

beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock });
  acme = await testTenant(house, 'acme');
  target = await startLoopbackServer((_request, response) => response.writeHead(503).end());
  for (const slug of ['shop', 'till'])
    await acme.call('POST', '/checks', {
      body: {
        slug,
        name: slug,
        kind: 'http',
        config: { url: `http://127.0.0.1:${target.port}/` },
        interval: 20,
        retries: 0,
        alert_after_failures: 1,
      },
    });
  await house.app.workOnce(1_000);
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  await house.close();
});

const inMinutes = (minutes: number) => new Date(clock.now() + minutes * 60_000).toISOString();
const suppressions = async () => {
  const { data } = (await acme.call('GET', '/alerts?type=check_failure')).body;
  return Object.fromEntries(
    data.map((alert: { title: string; suppressed_by: string | null; suppressed_reason: string | null }) => [
      alert.title,
      alert.suppressed_by,
    ]),
  );
};

it('a window for one check mutes only that check, and gives the reason of the window', async () => {
  const window = {
    slug: 'shop-work',
    location: 'all',
    systems: ['check:shop'],
    start_time: inMinutes(-1),
    end_time: inMinutes(30),
    reason: 'New till software',
  };
  const made = await acme.call('POST', '/maintenance', { body: window });
  expect(made).toMatchObject({ status: 201, body: { systems: ['check:shop'], status: 'running' } });
  const unknown = await acme.call('POST', '/maintenance', {
    body: { ...window, slug: 'other', systems: ['check:nothing'] },
  });
  expect(unknown).toMatchObject({ status: 400, body: { errors: [{ field: 'systems.0' }] } });

  clock.advance(20);
  await runDueChecks(house.ctx);
  await house.app.workOnce(1_000);
  expect(await suppressions()).toEqual({ 'shop is down': 'maintenance', 'till is down': null });

  const ofCheck = async (check: string) => {
    const { status, body } = await acme.call('GET', `/alerts?check=${check}`);
    expect(status).toBe(200);
    return body.data.map((alert: { title: string }) => alert.title);
  };
  expect(await ofCheck('shop')).toEqual(['shop is down']);
  expect(await ofCheck((await acme.call('GET', '/checks/till')).body.id)).toEqual(['till is down']);
  expect(await ofCheck('nothing')).toEqual([]);

  clock.advance(1);
  await acme.call('POST', '/maintenance/shop-work/end');
  clock.advance(20);
  await runDueChecks(house.ctx);
  await house.app.workOnce(1_000);
  expect(await suppressions()).toEqual({ 'shop is down': null, 'till is down': null });
  const reports = (await acme.call('GET', '/maintenance/shop-work/reports')).body.data;
  expect(reports[0].findings.not_back).toMatchObject([{ title: 'shop is down', broken_before: false }]);
});
