import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

let clock: TestClock;
let house: TestApp;
let club: Tenant;

beforeAll(async () => {
  clock = testClock('2025-08-01T12:00:00Z');
  house = await testApp({ clock });
  club = await testTenant(house, 'club');
  const post = (path: string, body: object) => club.call('POST', path, { body });
  for (const slug of ['bedford', 'halifax', 'halifax-2'])
    await post('/sites', {
      slug,
      name: slug === 'bedford' ? 'Bedford' : 'Halifax',
      timezone: 'America/Halifax',
    });
  for (const slug of ['bay-1', 'bay-2', 'range', 'net-1', 'net_1'])
    await post('/sites/bedford/areas', { slug, name: slug });
  await post('/devices', { slug: 'Range', site: 'bedford' });
  await post('/devices', { slug: 'Bay_1_PC', site: 'bedford' });
});
afterAll(() => house.close());

/** In the form of the club plan. */
const plan = {
  maintenance_id: 'maint-2910',
  location: 'Bedford',
  systems: ['all'],
  start_time: '2025-08-02T02:00:00Z',
  end_time: '2025-08-02T04:00:00Z',
  reason: 'TrackMan software update',
  created_by: 'mike',
  suppress_alerts: true,
};
const post = (body: object) => club.call('POST', '/maintenance', { body });
const put = (reference: string, body: object) => club.call('PUT', `/maintenance/${reference}`, { body });
const audit = async (action: string) => (await club.call('GET', `/audit?action=${action}`)).body.data[0];

describe('a window in the form of the club plan', () => {
  test('keeps its own number, is found by it, and belongs to the caller', async () => {
    const made = await post(plan);
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...{ reference: 'maint-2910', requested_by: 'mike', location: 'bedford', systems: ['all'] },
        created_by: { kind: 'api_key' },
      },
    });
    expect(made.body.created_by.name).not.toBe('mike');
    expect((await club.call('GET', '/maintenance/maint-2910')).body).toEqual(made.body);
    expect((await audit('maintenance.created')).after).toMatchObject({
      ...{ reference: 'maint-2910', requested_by: 'mike' },
    });
  });

  test('keeps number and name when a change does not mention them', async () => {
    const { maintenance_id: _, created_by: __, ...rest } = plan;
    const changed = await put('maint-2910', { ...rest, reason: 'Two updates' });
    expect(changed.body).toMatchObject({
      reason: 'Two updates',
      reference: 'maint-2910',
      requested_by: 'mike',
    });
  });

  test('has a number that no other window has; deleting it frees the number', async () => {
    const again = await post(plan);
    expect([again.status, again.body.code, again.body.errors?.[0]?.field]).toEqual([
      409,
      'already_exists',
      'reference',
    ]);
    const other = await post({ ...plan, maintenanceId: 'maint-2911', maintenance_id: undefined });
    expect(other.body.reference).toBe('maint-2911');
    expect((await put(other.body.slug, plan)).status).toBe(409);
    expect((await club.call('DELETE', '/maintenance/maint-2910')).status).toBe(204);
    expect((await post(plan)).status).toBe(201);
  });

  test.each([
    [
      ['bay_1', 'bay_2'],
      ['bay-1', 'bay-2'],
    ],
    [['Bay-1'], ['bay-1']],
    [['bay-1-pc'], ['Bay_1_PC']],
    [['area:BAY_2'], ['bay-2']],
    [['net_1'], ['net_1']],
    [['range'], ['range']],
  ])('finds %j as %j', async (systems, found) => {
    const { status, body } = await post({ ...plan, maintenance_id: undefined, systems });
    expect([status, body.systems]).toEqual([201, found]);
  });

  test.each([
    [{ systems: ['NET-1'] }, 'systems.0', /can mean net-1 or net_1; write one/],
    [{ systems: ['RANGE'] }, 'systems.0', /is both an area and a device; write area:range or device:Range/],
    [{ systems: ['bay_9'] }, 'systems.0', /there is no area or device "bay_9" at the location/],
    [{ location: 'Truro' }, 'location', /there is no site "Truro"/],
    [{ start_time: '2025-07-02T02:00:00Z', end_time: '2025-07-02T04:00:00Z' }, 'end_time', /in the past/],
  ])('with %j says what to write instead', async (change, field, message) => {
    const { status, body } = await post({ ...plan, maintenance_id: undefined, ...change });
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({ field, message: expect.stringMatching(message) });
  });

  test('finds a site by its name in any case, unless two have it', async () => {
    const at = (location: string) => post({ ...plan, maintenance_id: undefined, location });
    expect((await at('BEDFORD')).body.location).toBe('bedford');
    expect((await at(' halifax ')).body.location).toBe('halifax');
    expect((await at('Halifax_2')).body.location).toBe('halifax-2');
    // The slug decides before the name that both have.
    expect((await at('Halifax')).body.location).toBe('halifax');
    await club.call('PUT', '/sites/halifax', {
      body: { slug: 'truro-road', name: 'Halifax', timezone: 'America/Halifax' },
    });
    const unclear = await at('HALIFAX');
    expect([unclear.status, unclear.body.errors[0].message]).toEqual([
      400,
      '"HALIFAX" can mean halifax-2, truro-road; write the slug of one',
    ]);
  });
});
