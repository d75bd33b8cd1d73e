import { afterAll, beforeAll, expect, test } from 'vitest';
import { modules } from '../../server/src/app.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type TestClock, testClock } from '../support/clock.ts';

/** A year of Sunday nights at two places whose clocks change on different days. */

let clock: TestClock;
let house: TestApp;

const places = [
  {
    slug: 'dartmouth',
    timezone: 'America/Halifax',
    nights: [
      ['2026-03-01T05:00Z', '2026-03-01T09:00Z'],
      // 01:00-05:00 local time is three hours long in this night,
      ['2026-03-08T05:00Z', '2026-03-08T08:00Z'],
      ['2026-03-15T04:00Z', '2026-03-15T08:00Z'],
      ['2026-10-25T04:00Z', '2026-10-25T08:00Z'],
      // and five in this one.
      ['2026-11-01T04:00Z', '2026-11-01T09:00Z'],
      ['2026-11-08T05:00Z', '2026-11-08T09:00Z'],
    ],
  },
  {
    slug: 'potsdam',
    timezone: 'Europe/Berlin',
    nights: [
      ['2026-03-22T00:00Z', '2026-03-22T04:00Z'],
      ['2026-03-29T00:00Z', '2026-03-29T03:00Z'],
      ['2026-04-04T23:00Z', '2026-04-05T03:00Z'],
      ['2026-10-17T23:00Z', '2026-10-18T03:00Z'],
      ['2026-10-24T23:00Z', '2026-10-25T04:00Z'],
      ['2026-11-01T00:00Z', '2026-11-01T04:00Z'],
    ],
  },
];

beforeAll(async () => {
  clock = testClock('2026-02-27T12:00:00Z');
  house = await testApp({ clock });
  for (const { slug, timezone } of places) {
    await house.call('POST', '/api/v1/default/sites', { body: { slug, name: slug, timezone } });
    await house.call('POST', '/api/v1/default/devices', { body: { slug: `${slug}-pc`, site: slug } });
    const created = await house.call('POST', '/api/v1/default/maintenance', {
      body: {
        slug: `${slug}-sundays`,
        location: slug,
        systems: ['all'],
        start_time: '2026-03-01T01:00',
        end_time: '2026-03-01T05:00',
        recurrence: 'FREQ=WEEKLY',
        reason: 'Sunday night',
      },
    });
    expect(created.status).toBe(201);
  }
  // A job makes the states of the devices.
  await house.app.workOnce(200);
});
afterAll(() => house.close());

/** Runs only these two: after months, a worker has much other work to do. */
const works = modules
  .flatMap((module) => module.periodic ?? [])
  .filter(({ name }) => name === 'maintenance.turn' || name === 'alerting.tick');

async function look(slug: string): Promise<string> {
  for (const work of works) await work.run(house.ctx, AbortSignal.timeout(120_000));
  const window = await house.call('GET', `/api/v1/default/maintenance/${slug}-sundays`);
  const device = await house.call('GET', `/api/v1/default/devices/${slug}-pc/state`);
  return `${window.body.status} ${device.body.status}`;
}

test('a weekly window keeps its local time over both changes of the clocks, in two time zones', async () => {
  const [outside, inside] = ['scheduled unknown', 'running maintenance'];
  const minuteMs = 60_000;
  const looks = places
    .flatMap(({ slug, nights }) =>
      nights.flatMap(([start = '', end = '']) => [
        { slug, at: Date.parse(start) - minuteMs, expected: outside },
        { slug, at: Date.parse(start) + minuteMs, expected: inside },
        { slug, at: Date.parse(end) - minuteMs, expected: inside },
        { slug, at: Date.parse(end) + minuteMs, expected: outside },
      ]),
    )
    .sort((a, b) => a.at - b.at);
  for (const { slug, at, expected } of looks) {
    clock.set(new Date(at));
    expect(await look(slug), `${slug} at ${new Date(at).toISOString()}`).toBe(expected);
  }
});
