import { maintenancePreviewMax } from '@watchkeeper/contracts/maintenance';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

let house: TestApp;
let acme: Tenant;

beforeAll(async () => {
  house = await testApp({ clock: testClock('2026-10-20T12:00:00Z') });
  acme = await testTenant(house, 'acme');
  const site = { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' };
  await acme.call('POST', '/sites', { body: site });
});
afterAll(() => house.close());

const preview = async (fields: object) =>
  await acme.call('POST', '/maintenance/preview', {
    body: {
      ...{ location: 'dartmouth', start_time: '2026-10-25T00:30', end_time: '2026-10-25T04:00' },
      ...fields,
    },
  });

it("says when a window would take place, by the site's clock and over its change, and plans nothing", async () => {
  const { status, body } = await preview({ recurrence: 'FREQ=WEEKLY;COUNT=3' });
  expect(status).toBe(200);
  expect(body).toEqual({
    timezone: 'America/Halifax',
    data: [
      { start_time: '2026-10-25T03:30:00.000Z', end_time: '2026-10-25T07:00:00.000Z' },
      { start_time: '2026-11-01T03:30:00.000Z', end_time: '2026-11-01T08:00:00.000Z' },
      { start_time: '2026-11-08T04:30:00.000Z', end_time: '2026-11-08T08:00:00.000Z' },
    ],
  });
  expect((await preview({ recurrence: 'FREQ=DAILY' })).body.data).toHaveLength(maintenancePreviewMax);
  expect((await preview({})).body.data).toHaveLength(1);
  expect((await acme.call('GET', '/maintenance')).body.data).toEqual([]);
});

it('names every mistake as planning itself does', async () => {
  const fieldsOf = async (fields: object) => {
    const { status, body } = await preview(fields);
    expect(status).toBe(400);
    return body.errors.map((error: { field: string }) => error.field);
  };
  expect(await fieldsOf({ location: 'nowhere', end_time: 'tomorrow at ten' })).toEqual([
    'location',
    'end_time',
  ]);
  expect(await fieldsOf({ recurrence: 'FREQ=HOURLY' })).toEqual(['recurrence']);
  expect(await fieldsOf({ end_time: '2026-10-24T04:00' })).toEqual(['end_time']);
  expect(await fieldsOf({ start_time: '2020-01-01T10:00', end_time: '2020-01-01T11:00' })).toEqual([
    'end_time',
  ]);
});
