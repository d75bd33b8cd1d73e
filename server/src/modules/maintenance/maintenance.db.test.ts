import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

let clock: TestClock;
let house: TestApp;
let second: TestApp;
let acme: Tenant;
let rival: Tenant;
const hourMs = 3_600_000;

beforeAll(async () => {
  clock = testClock('2026-03-02T12:00:00Z');
  house = await testApp({ clock });
  second = await testApp({ clock, database: house.database });
  acme = await testTenant(house, 'acme');
  rival = await testTenant(house, 'rival');
  for (const tenant of [acme, rival]) {
    const site = { slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' };
    await tenant.call('POST', '/sites', { body: site });
    await tenant.call('POST', '/sites/dartmouth/areas', { body: { slug: 'bay-1', name: 'Bay 1' } });
    await tenant.call('POST', '/devices', { body: { slug: 'pc-1', site: 'dartmouth', area: 'bay-1' } });
    await tenant.call('POST', '/devices', { body: { slug: 'both', site: 'dartmouth' } });
    await tenant.call('POST', '/sites/dartmouth/areas', { body: { slug: 'both', name: 'Both' } });
  }
  await house.app.workOnce(200);
});
afterAll(async () => {
  await second.close();
  await house.close();
});

const inHours = (hours: number) => new Date(clock.now() + hours * hourMs).toISOString();
const plan = (fields: object = {}) => ({
  location: 'dartmouth',
  systems: ['all'],
  start_time: inHours(1),
  end_time: inHours(2),
  reason: 'New switches',
  ...fields,
});
const create = async (fields: object = {}, tenant = acme) =>
  await tenant.call('POST', '/maintenance', { body: plan(fields) });
const work = async () => {
  for (let round = 0; round < 3; round += 1)
    await Promise.all([house.app.workOnce(100), second.app.workOnce(100)]);
};
const reportsOf = async (reference: string) =>
  (await acme.call('GET', `/maintenance/${reference}/reports`)).body.data;
const stateOf = async (device: string) => (await acme.call('GET', `/devices/${device}/state`)).body.status;

describe('a maintenance window', () => {
  it('is written, read, replaced and deleted, each audited, with who made it', async () => {
    const made = await create({ slug: 'switches', systems: ['bay-1', 'pc-1', 'type:trackman_pc'] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      slug: 'switches',
      location: 'dartmouth',
      systems: ['bay-1', 'pc-1', 'type:trackman_pc'],
      timezone: 'America/Halifax',
      recurrence: null,
      suppress_alerts: true,
      auto_reply: null,
      status: 'scheduled',
      current: { start_time: inHours(1), end_time: inHours(2) },
      created_by: { kind: 'api_key' },
    });
    const { id } = made.body;
    expect((await acme.call('GET', `/maintenance/${id}`)).body).toEqual(made.body);
    expect((await acme.call('GET', '/maintenance?status=scheduled')).body.data).toEqual([made.body]);
    expect((await acme.call('GET', '/maintenance?status=running')).body.data).toEqual([]);
    const stale = await acme.call('PUT', '/maintenance/switches', {
      body: plan({ reason: 'Cables' }),
      headers: { 'if-match': '"7"' },
    });
    expect(stale.status).toBe(412);
    const changed = await acme.call('PUT', '/maintenance/switches', {
      body: plan({ reason: 'Cables', location: 'all', auto_reply: 'Back at ten.' }),
      headers: { 'if-match': String(made.headers.etag) },
    });
    expect(changed.body).toMatchObject({ reason: 'Cables', location: 'all', auto_reply: 'Back at ten.' });
    expect((await acme.call('DELETE', '/maintenance/switches')).status).toBe(204);
    expect((await acme.call('GET', '/maintenance/switches')).status).toBe(404);
    const audit = (await acme.call('GET', '/audit?action=maintenance')).body.data;
    expect(audit.map((entry: { action: string }) => entry.action)).toEqual([
      'maintenance.deleted',
      'maintenance.updated',
      'maintenance.created',
    ]);
  });

  it.each([
    ['a rule that cannot be read', { recurrence: 'every tuesday' }, 'recurrence'],
    ['a rule without a date', { recurrence: 'FREQ=DAILY;UNTIL=20200101' }, 'recurrence'],
    ['an impossible time zone', { timezone: 'Mars/Olympus' }, 'timezone'],
    ['an offset for a time zone', { timezone: '+01:00' }, 'timezone'],
    ['an end before the start', { end_time: '2026-03-02T12:59:00Z' }, 'end_time'],
    ['no length', { end_time: '2026-03-02T13:00:00Z' }, 'end_time'],
    [
      'an occurrence longer than its period',
      { recurrence: 'FREQ=DAILY', end_time: '2026-03-03T13:01:00Z' },
      'end_time',
    ],
    [
      'a recurring month and more',
      { recurrence: 'FREQ=YEARLY', end_time: '2026-04-03T13:00:00Z' },
      'end_time',
    ],
    ['more than a year', { end_time: '2027-03-04T13:00:00Z' }, 'end_time'],
    [
      'a window in the past',
      { start_time: '2026-03-01T10:00:00Z', end_time: '2026-03-01T11:00:00Z' },
      'end_time',
    ],
    ['an invalid time', { start_time: '2026-02-30T10:00:00Z' }, 'start_time'],
    ['another age', { start_time: '0026-03-02T10:00:00Z' }, 'start_time'],
    ['an unknown place', { location: 'atlantis' }, 'location'],
    ['an unknown system', { systems: ['bay-1', 'bay-99'] }, 'systems.1'],
    ['a system that names two things', { systems: ['both'] }, 'systems.0'],
    ['all beside something', { systems: ['all', 'pc-1'] }, 'systems'],
    ['a reserved slug', { slug: 'calendar' }, 'slug'],
    ['a blank reason', { reason: '  ' }, '/reason'],
    ['a field that does not exist', { supress_alerts: true }, '/supress_alerts'],
  ])('is refused with 400 and the name of the field: %s', async (_case, fields, field) => {
    const refused = await create(fields);
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((error: { field: string }) => error.field.replace(/^\//, ''))).toContain(
      field.replace(/^\//, ''),
    );
  });

  it('takes local times, in the zone of its site', async () => {
    const made = await create({ start_time: '2026-07-01T22:00', end_time: '2026-07-02T02:00' });
    expect(made.body).toMatchObject({
      start_time: '2026-07-02T01:00:00.000Z',
      end_time: '2026-07-02T05:00:00.000Z',
    });
    await acme.call('DELETE', `/maintenance/${made.body.slug}`);
  });

  it('needs a credential that may operate alerts, and is hidden from another tenant', async () => {
    const { id } = (await create({ slug: 'private' })).body;
    const paths = [`/maintenance/${id}`, '/maintenance/private', `/maintenance/${id}/reports`];
    for (const path of paths) expect((await rival.call('GET', path)).status).toBe(404);
    for (const [method, path] of [
      ['PUT', `/maintenance/${id}`],
      ['DELETE', `/maintenance/${id}`],
      ['POST', `/maintenance/${id}/end`],
    ] as const) {
      const body = method === 'PUT' ? plan() : undefined;
      expect((await rival.call(method, path, { body })).status).toBe(404);
      expect((await acme.call(method, path, { body, token: acme.readKey })).status).toBe(403);
      expect((await acme.call(method, path, { body, token: null })).status).toBe(401);
    }
    expect((await rival.call('GET', '/maintenance')).body.data).toEqual([]);
    expect((await create({}, rival)).status).toBe(201);
    await acme.call('DELETE', '/maintenance/private');
  });
});

describe('a running window', () => {
  it('begins once and ends once with two workers, and shows its next occurrence', async () => {
    await create({ slug: 'weekly', recurrence: 'FREQ=WEEKLY', systems: ['pc-1'] });
    clock.advance(3_660);
    await work();
    expect((await acme.call('GET', '/maintenance/weekly')).body.status).toBe('running');
    clock.advance(3_600);
    await work();
    const week = 7 * 24;
    expect((await acme.call('GET', '/maintenance/weekly')).body).toMatchObject({
      status: 'scheduled',
      // The clocks went forward in between, so this is an hour less.
      current: {
        start_time: new Date(Date.parse('2026-03-02T13:00:00Z') + (week - 1) * hourMs).toISOString(),
      },
    });
    expect(await reportsOf('weekly')).toMatchObject([
      {
        end_cause: 'schedule',
        started_at: '2026-03-02T13:00:00.000Z',
        ended_at: '2026-03-02T14:00:00.000Z',
        findings: { not_back: [], recovered: [], not_back_total: 0, recovered_total: 0 },
      },
    ]);
    await acme.call('DELETE', '/maintenance/weekly');
  });

  it('stays over after an early end until its next occurrence, also when it is edited', async () => {
    const fields = {
      slug: 'nightly',
      recurrence: 'FREQ=DAILY',
      start_time: inHours(0),
      end_time: inHours(4),
    };
    const made = await create(fields);
    expect(made.body.status).toBe('running');
    expect((await acme.call('POST', '/maintenance/nightly/end')).body.status).toBe('scheduled');
    const times = { start_time: made.body.start_time, end_time: made.body.end_time };
    const edited = await acme.call('PUT', '/maintenance/nightly', {
      body: plan({ ...fields, ...times, reason: 'Other words' }),
    });
    expect(edited.body).toMatchObject({ status: 'scheduled', reason: 'Other words' });
    expect((await acme.call('POST', '/maintenance/nightly/end')).status).toBe(409);
    await work();
    expect((await reportsOf('nightly'))[0]).toMatchObject({ end_cause: 'ended_early' });
    await acme.call('DELETE', '/maintenance/nightly');
  });

  it('can be extended within limits and never into its next occurrence', async () => {
    await create({ slug: 'long', recurrence: 'FREQ=DAILY', start_time: inHours(0), end_time: inHours(2) });
    const extend = (body: object) => acme.call('POST', '/maintenance/long/extend', { body });
    const end = new Date(clock.now() + 3 * hourMs).toISOString();
    expect((await extend({ by: '1h' })).body.current.end_time).toBe(end);
    for (const body of [
      {},
      { by: 0 },
      { end_time: inHours(1) },
      { by: '22h' },
      { end_time: 'soon or later' },
      { by: 1, end_time: inHours(5) },
    ])
      expect((await extend(body)).status, JSON.stringify(body)).toBe(400);
    await acme.call('DELETE', '/maintenance/long');
  });

  it('marks only the devices that it covers; a change of scope, or its end, corrects the marks', async () => {
    await create({ slug: 'scoped', systems: ['bay-1'], start_time: inHours(0), end_time: inHours(2) });
    await work();
    expect([await stateOf('pc-1'), await stateOf('both')]).toEqual(['maintenance', 'unknown']);
    const times = { start_time: inHours(0), end_time: inHours(2) };
    await acme.call('PUT', '/maintenance/scoped', { body: plan({ ...times, systems: ['device:both'] }) });
    await work();
    expect([await stateOf('pc-1'), await stateOf('both')]).toEqual(['unknown', 'maintenance']);
    const id = (await acme.call('GET', '/maintenance/scoped')).body.id;
    expect((await acme.call('DELETE', '/maintenance/scoped')).status).toBe(204);
    await work();
    expect(await stateOf('both')).toBe('unknown');
    expect(await reportsOf(id)).toMatchObject([{ end_cause: 'deleted', findings: { not_back_total: 0 } }]);
  });

  it('that is moved to another day ends now and begins then', async () => {
    await create({ slug: 'moved', start_time: inHours(0), end_time: inHours(2) });
    const moved = await acme.call('PUT', '/maintenance/moved', {
      body: plan({ start_time: inHours(24), end_time: inHours(25) }),
    });
    expect(moved.body).toMatchObject({ status: 'scheduled', current: { start_time: inHours(24) } });
    expect((await reportsOf('moved'))[0]).toMatchObject({ end_cause: 'changed' });
    await acme.call('DELETE', '/maintenance/moved');
  });

  it('stores its report once, and announces it', async () => {
    await create({ slug: 'told', start_time: inHours(0), end_time: inHours(1) });
    await acme.call('POST', '/maintenance/told/end');
    await work();
    await work();
    const { rows } = await house.ctx.db.system((tx) =>
      sql<{
        runs: number;
        reported: number;
      }>`select count(*)::int as runs, count(r.reported_at)::int as reported
        from maintenance_runs r join maintenance_windows w on w.id = r.window_id where w.slug = 'told'`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([{ runs: 1, reported: 1 }]);
    await acme.call('DELETE', '/maintenance/told');
  });
});

describe('the calendar', () => {
  it('shows every occurrence in a span in order, over the change of the clocks', async () => {
    await create({
      slug: 'sundays',
      recurrence: 'FREQ=WEEKLY;BYDAY=SU',
      start_time: '2026-10-18T01:00',
      end_time: '2026-10-18T05:00',
    });
    await create({ slug: 'once', start_time: '2026-10-20T10:00:00Z', end_time: '2026-10-20T11:00:00Z' });
    const span = 'from=2026-10-18T00:00:00Z&to=2026-11-09T00:00:00Z';
    const { data, truncated } = (await acme.call('GET', `/maintenance/calendar?${span}`)).body;
    expect(truncated).toBe(false);
    expect(data.map((one: { slug: string; start_time: string }) => `${one.slug} ${one.start_time}`)).toEqual([
      'sundays 2026-10-18T04:00:00.000Z',
      'once 2026-10-20T10:00:00.000Z',
      'sundays 2026-10-25T04:00:00.000Z',
      'sundays 2026-11-01T04:00:00.000Z',
      'sundays 2026-11-08T05:00:00.000Z',
    ]);
    const tooLong = 'from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z';
    expect((await acme.call('GET', `/maintenance/calendar?${tooLong}`)).status).toBe(400);
  });

  it('is a feed for everybody who has its address; a new address ends the old one', async () => {
    const feed = (await acme.call('POST', '/maintenance/feed')).body;
    const read = (url: string) => house.call('GET', new URL(url).pathname, { token: null });
    const { status, headers, body } = await read(feed.url);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/calendar/);
    const lines = String(body).split('\r\n');
    expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    expect(lines[0]).toBe('BEGIN:VCALENDAR');
    expect(lines).toContain('DTSTART:20261101T040000Z');
    expect(lines).toContain('DTEND:20261101T090000Z');
    const renewed = (await acme.call('POST', '/maintenance/feed')).body;
    expect((await read(feed.url)).status).toBe(404);
    expect((await read(renewed.url)).status).toBe(200);
    expect((await acme.call('DELETE', '/maintenance/feed')).status).toBe(204);
    expect((await read(renewed.url)).status).toBe(404);
  });
});

it('windows are in the manifest by slug; applied again it changes nothing, and pruned windows are deleted', async () => {
  const apply = async (maintenance: object[], options: object = {}) =>
    (await acme.call('POST', '/apply', { body: { manifest: { maintenance }, ...options } })).body;
  const entry = {
    slug: 'from-file',
    location: 'dartmouth',
    systems: ['pc-1'],
    start_time: '2026-09-01T22:00',
    end_time: '2026-09-02T02:00',
    recurrence: 'FREQ=MONTHLY;BYDAY=1TU',
    reason: 'Patch day',
  };
  const actions = (answer: { plan: { action: string; key: string }[] }) =>
    answer.plan.filter(({ key }) => key === 'from-file').map(({ action }) => action);
  expect(actions(await apply([entry]))).toEqual(['create']);
  expect(actions(await apply([entry]))).toEqual(['unchanged']);
  expect(actions(await apply([{ ...entry, reason: 'Patches' }]))).toEqual(['update']);
  const refused = await apply([{ ...entry, recurrence: 'FREQ=NEVER' }]);
  expect(refused.errors[0].field).toBe('manifest.maintenance.0.recurrence');
  expect(actions(await apply([], { prune: true }))).toEqual(['delete']);
  expect((await acme.call('GET', '/maintenance/from-file')).status).toBe(404);
});

// Last, so that the clock of the other tests does not jump.
describe('a window while no worker ran', () => {
  it('has taken place at its own times, although it began and ended between two passes', async () => {
    const fields = { slug: 'unseen', start_time: inHours(1), end_time: inHours(2) };
    expect((await create(fields)).status).toBe(201);
    clock.advance(3 * 3_600);
    await work();
    const [run, more] = await reportsOf('unseen');
    expect(more).toBeUndefined();
    expect([Date.parse(run.started_at), Date.parse(run.ended_at)]).toEqual([
      Date.parse(fields.start_time),
      Date.parse(fields.end_time),
    ]);
    expect(run.end_cause).toBe('schedule');
  });

  it('ends on time when its calendar cannot be read, and delays no other', async () => {
    const times = { start_time: inHours(1), end_time: inHours(2) };
    for (const slug of ['unreadable', 'readable'])
      expect((await create({ ...times, slug, recurrence: 'FREQ=DAILY', systems: ['pc-1'] })).status).toBe(
        201,
      );
    clock.advance(3_600);
    await work();
    expect(await stateOf('pc-1')).toBe('maintenance');
    const zone = (name: string) =>
      house.ctx.db.system((tx) =>
        sql`update maintenance_windows set timezone = ${name} where slug = 'unreadable'`.execute(tx),
      );
    await zone('No/Where');
    clock.advance(3_600);
    await work();
    // It says so itself, and costs the calendar of nobody else.
    expect((await acme.call('GET', '/maintenance/unreadable')).body).toMatchObject({
      calendar_fault: expect.stringMatching(/no.where/i),
      current: null,
    });
    const span = `from=${inHours(0)}&to=${inHours(24 * 7)}`;
    const calendar = await acme.call('GET', `/maintenance/calendar?${span}`);
    expect(calendar.status).toBe(200);
    const slugs = new Set(calendar.body.data.map((each: { slug: string }) => each.slug));
    expect(slugs.has('readable')).toBe(true);
    expect(slugs.has('unreadable')).toBe(false);
    expect((await house.call('GET', '/health/ready')).body.checks.maintenance).toMatchObject({
      status: 'warn',
      output: expect.stringMatching(/^The calendar of 1 maintenance window cannot be read/),
    });
    await zone('America/Halifax');
    expect((await acme.call('GET', '/maintenance/unreadable')).body.calendar_fault).toBeNull();
    expect((await house.call('GET', '/health/ready')).body.checks.maintenance.status).toBe('pass');
    for (const slug of ['readable', 'unreadable'])
      expect((await reportsOf(slug))[0], slug).toMatchObject({
        ended_at: times.end_time,
        end_cause: 'schedule',
      });
    expect(await stateOf('pc-1')).not.toBe('maintenance');
    expect((await acme.call('GET', '/maintenance/readable')).body.current).not.toBeNull();
    expect((await acme.call('GET', '/maintenance/unreadable')).body.current).toBeNull();
  });
});
