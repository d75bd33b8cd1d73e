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

it('says when a window would take place in local time, over the change of the clocks, and plans nothing', async () => {
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

const nights = async (fields: object, count: number) => {
  const { status, body } = await preview({ timezone: 'Europe/London', ...fields });
  expect(status).toBe(200);
  return body.data
    .slice(0, count)
    .map((one: { start_time: string; end_time: string }) =>
      [one.start_time, one.end_time].map((time) => time.slice(5, 16)).join(' '),
    );
};

it.each([
  [
    'a first start in the skipped hour moves no later one',
    { start_time: '2027-03-28T01:30', end_time: '2027-03-28T02:30', recurrence: 'FREQ=DAILY;COUNT=3' },
    ['03-28T01:00 03-28T01:30', '03-29T00:30 03-29T01:30', '03-30T00:30 03-30T01:30'],
  ],
  [
    'a first end in the skipped hour moves no later one',
    { start_time: '2027-03-28T00:30', end_time: '2027-03-28T01:30', recurrence: 'FREQ=WEEKLY' },
    ['03-28T00:30 03-28T01:00', '04-03T23:30 04-04T00:30'],
  ],
  [
    'a window completely in the skipped hour is accepted, and has its local length',
    { start_time: '2027-03-28T01:15', end_time: '2027-03-28T01:45', recurrence: 'FREQ=DAILY' },
    ['03-28T01:00 03-28T01:30', '03-29T00:15 03-29T00:45'],
  ],
  [
    'the same in Halifax',
    {
      timezone: 'America/Halifax',
      start_time: '2027-03-14T02:10',
      end_time: '2027-03-14T02:50',
      recurrence: 'FREQ=DAILY',
    },
    ['03-14T06:00 03-14T06:40', '03-15T05:10 03-15T05:50'],
  ],
  [
    'a single window in the skipped hour has its local length too',
    { start_time: '2027-03-28T01:15', end_time: '2027-03-28T01:45' },
    ['03-28T01:00 03-28T01:30'],
  ],
])('%s', async (_what, fields, expected) => {
  expect(await nights(fields, expected.length)).toEqual(expected);
});

it('keeps local times when a window is read and sent back, or exported and applied', async () => {
  const asked = {
    slug: 'nightly',
    location: 'dartmouth',
    systems: ['all'],
    start_time: '2027-03-28T01:30',
    end_time: '2027-03-28T02:30',
    timezone: 'Europe/London',
    recurrence: 'FREQ=DAILY',
    reason: 'Work',
  };
  const made = await acme.call('POST', '/maintenance', { body: asked });
  expect(made.status).toBe(201);
  const second = async () => {
    const query = 'from=2027-03-29T00:00:00Z&to=2027-03-30T00:00:00Z';
    return (await acme.call('GET', `/maintenance/calendar?${query}`)).body.data[0].start_time;
  };
  expect(await second()).toBe('2027-03-29T00:30:00.000Z');
  const { start_time, end_time, timezone, recurrence } = made.body;
  const sent = { ...asked, start_time, end_time, timezone, recurrence, reason: 'Other work' };
  expect((await acme.call('PUT', '/maintenance/nightly', { body: sent })).status).toBe(200);
  expect(await second()).toBe('2027-03-29T00:30:00.000Z');
  const { body: exported } = await acme.call('GET', '/manifest.yaml');
  const text = JSON.stringify(exported);
  expect(text).toContain('2027-03-28T01:30:00');
  expect((await acme.call('DELETE', '/maintenance/nightly')).status).toBeLessThan(300);
});

it('the feed says where it ends when it cannot hold everything', async () => {
  const { body: feed } = await acme.call('POST', '/maintenance/feed');
  const read = async () =>
    (await house.http.inject({ url: new URL(feed.url).pathname })).body.replaceAll('\r\n ', '');
  for (const [index, hour] of ['01', '05', '09'].entries())
    await acme.call('POST', '/maintenance', {
      body: {
        slug: `daily-${index}`,
        location: 'all',
        systems: ['all'],
        start_time: `2026-10-25T${hour}:00`,
        end_time: `2026-10-25T${hour}:30`,
        timezone: 'UTC',
        recurrence: 'FREQ=DAILY',
        reason: 'Work',
      },
    });
  const cut = await read();
  expect(cut.match(/BEGIN:VEVENT/g)).toHaveLength(1_001);
  expect(cut).toMatch(
    /X-WR-CALDESC:This calendar holds the next 1000 times and ends with 2027-\d\d-\d\d\\; more are planned/,
  );
  expect(cut).toContain('SUMMARY:More maintenance is planned than this calendar holds');
  await acme.call('DELETE', '/maintenance/daily-2');
  const whole = await read();
  expect(whole).not.toContain('X-WR-CALDESC');
  expect(whole.match(/BEGIN:VEVENT/g)?.length).toBeLessThan(1_000);
});

it('names every mistake like the planning itself', async () => {
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
