import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testApp } from '../../../../../test/support/app.ts';
import { asInstalled, type Group, type GroupingHouse, groupingHouse } from '../grouping.fixture.ts';
import { mergeIncidents, splitIncident } from '../merge.ts';
import { purgeIncidents } from '../retention.ts';
import { grouping } from '../transition.ts';
import { adoptStrays, groupDue } from './group-due.ts';
import { tickIncidents } from './tick.ts';

let shared: GroupingHouse;
let given: Group;
beforeAll(async () => {
  shared = await groupingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
});

const kindsOf = (incident: { timeline: { kind: string }[] }) => incident.timeline.map(({ kind }) => kind);
const signal = () => AbortSignal.timeout(60_000);
const titles = async () => (await given.incidents()).map(({ title }) => title);
const settings = async (body: object) =>
  expect((await given.tenant.call('PUT', '/incidents/settings', { body })).status).toBe(200);
const query = async (text: string, values: unknown[] = []) =>
  (await given.house.ctx.db.pool.query(text, values)).rows;

describe('what belongs together', () => {
  test('alerts of one site within the window are one incident; one alert reads as it does alone', async () => {
    const siteId = await given.site('dartmouth');
    const [first = ''] = await given.open(['bay-1'], { siteId });
    await given.group();
    expect(await given.incident(1)).toMatchObject({
      title: 'bay-1 is offline',
      alert_count: 1,
      status: 'open',
    });
    given.clock.advance(290);
    await given.open(['bay-2'], { siteId, severity: 'critical' });
    given.clock.advance(290);
    await given.open(['bay-3', 'bay-4'], { siteId });
    await given.group();
    const grown = await given.incident(1);
    expect(grown).toMatchObject({
      title: 'bay-1 is offline and 3 more',
      severity: 'critical',
      alert_count: 4,
      affected: { open: 4, recovered: 0 },
    });
    expect(kindsOf(grown)).toEqual(['opened', 'joined', 'worsened', 'priority_changed']);
    expect(grown.alerts[0]).toMatchObject({ alert: { id: first }, how: 'first', times: 1 });
    expect(await given.incidents()).toHaveLength(1);
  });

  test('after the window, at another site, and of another type without a site, there is another incident', async () => {
    const [siteId, other] = [await given.site('a'), await given.site('b')];
    await given.open(['a1'], { siteId });
    await given.open(['b1'], { siteId: other });
    await given.open(['x']);
    await given.open(['y'], { type: 'disk_full' });
    given.clock.advance(301);
    await given.open(['a2'], { siteId });
    await given.group();
    expect(await titles()).toEqual(['a1', 'b1', 'x', 'y', 'a2'].map((name) => `${name} is offline`));
    given.clock.advance(200);
    await given.open(['a3'], { siteId });
    await given.group();
    expect((await given.incident(5)).title).toBe('a2 is offline and 1 more');
  });

  test('an organization says what alerts must share; without it they go by site or type', async () => {
    const siteId = await given.site('a');
    await settings({ group_by: 'label:shop' });
    await given.open(['one'], { siteId, details: { labels: { shop: 'north' } } });
    await given.open(['two'], { details: { labels: { shop: 'north' } } });
    await given.open(['three'], { siteId });
    await given.group();
    expect((await titles()).toSorted()).toEqual(['one is offline and 1 more', 'three is offline']);
    await settings({ group_by: 'none' });
    await given.open(['four', 'five'], { siteId });
    await given.group();
    expect(await given.incidents()).toHaveLength(4);
  });
});

test('a rule says how its own alerts join, and what to do about them', async () => {
  const siteId = await given.site('a');
  const [rule] = (await given.tenant.call('GET', '/rules?type=device_offline')).body.data;
  const change = async (body: object) => await given.tenant.call('PUT', `/rules/${rule.id}`, { body });
  const changed = await change({
    grouping: { by: 'none', window: '1m' },
    runbook_url: 'https://wiki.example/dark',
  });
  expect(changed.body).toMatchObject({
    grouping: { by: 'none', window: 60 },
    runbook_url: 'https://wiki.example/dark',
  });
  await given.open(['one', 'two'], { siteId });
  await given.group();
  expect(await titles()).toEqual(['one is offline', 'two is offline']);
  expect(await given.incident(1)).toMatchObject({
    suggested_step: { url: 'https://wiki.example/dark', title: rule.name },
  });
  expect((await change({ name: 'Dark' })).body.grouping).toEqual({ by: 'none', window: 60 });
  expect((await change({ grouping: null })).body.grouping).toBeNull();
  expect((await change({ grouping: { by: 'moon' } })).status).toBe(400);
  expect((await change({ grouping: { window: '2d' } })).status).toBe(400);
  await given.open(['three', 'four'], { siteId });
  await given.group();
  expect((await given.incidents()).at(-1)?.title).toBe('three is offline and 1 more');
});

describe('how it goes on', () => {
  test('it shrinks as alerts recover, and ends once, when the last is over', async () => {
    const ids = await given.open(['a', 'b', 'c']);
    await given.group();
    given.clock.advance(60);
    await given.end(ids.slice(0, 2));
    await given.group();
    expect(await given.incident(1)).toMatchObject({ status: 'open', affected: { open: 1, recovered: 2 } });
    await given.end(ids.slice(2));
    await given.group();
    const over = await given.incident(1);
    expect(over).toMatchObject({ status: 'resolved', resolved_reason: 'All 3 alerts are over.' });
    expect(kindsOf(over)).toEqual(['opened', 'recovered', 'resolved']);
  });

  test('an alert that opens and ends before anybody looked has an incident that is over', async () => {
    await given.end(await given.open(['a']));
    await given.group();
    const over = await given.incident(1);
    expect(over).toMatchObject({ status: 'resolved', resolved_reason: 'It was heard again.' });
    expect(kindsOf(over)).toEqual(['opened', 'resolved']);
  });

  test('the same alert reopens its incident within the reopen window, and is counted as a repeat', async () => {
    const siteId = await given.site('a');
    await given.end(await given.open(['a'], { siteId }));
    await given.group();
    given.clock.advance(600);
    await given.open(['a'], { siteId });
    await given.group();
    const again = await given.incident(1);
    expect(again).toMatchObject({ status: 'open', alert_count: 1, repeat_count: 1, resolved_reason: null });
    expect(again.alerts).toMatchObject([{ times: 2 }]);
    given.clock.advance(60);
    await given.open(['b'], { siteId });
    await given.group();
    expect(await given.incidents()).toHaveLength(1);
  });

  test('after the reopen window it is a new incident, which names the one before and what ended it', async () => {
    await given.end(await given.open(['a']));
    await given.group();
    given.clock.advance(901);
    await given.open(['a']);
    await given.group();
    expect((await given.incident(2)).similar).toMatchObject({
      count: 1,
      incidents: [{ number: 1, resolved_reason: 'It was heard again.' }],
    });
  });

  test('what begins and ends too often flaps: said once, held open, and over when it has held still', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const ids = await given.open(['a']);
      await given.group();
      given.clock.advance(300);
      await given.end(ids);
      await given.group();
      given.clock.advance(300);
    }
    const flapping = await given.incident(1);
    expect(flapping).toMatchObject({ status: 'open', repeat_count: 4, flapping: expect.anything() });
    expect(kindsOf(flapping).filter((kind) => kind !== 'joined' && kind !== 'recovered')).toEqual([
      'opened',
      'resolved',
      'reopened',
      'flapping',
    ]);
    await tickIncidents(given.house.ctx, signal());
    expect((await given.incident(1)).flapping).not.toBeNull();
    given.clock.advance(700);
    await tickIncidents(given.house.ctx, signal());
    const still = await given.incident(1);
    expect(still).toMatchObject({ status: 'resolved', flapping: null });
    expect(kindsOf(still).slice(-2)).toEqual(['steadied', 'resolved']);
  });

  test('an incident whose alerts are all muted is muted, until one is not', async () => {
    const ids = await given.open(['a', 'b']);
    await given.mute(ids, 'maintenance');
    await given.group();
    expect(await given.incident(1)).toMatchObject({
      muted: { by: 'maintenance', reason: 'By maintenance.' },
      affected: { open: 0, muted: 2 },
      attention: 'under_maintenance',
    });
    await given.mute(ids.slice(0, 1), null);
    await given.group();
    const loud = await given.incident(1);
    expect(loud.muted).toBeNull();
    expect(kindsOf(loud)).toEqual(['opened', 'unmuted']);
  });

  test('whoever acknowledges all of its alerts acknowledges it, takes it back, and ends it', async () => {
    const ids = await given.open(['a', 'b']);
    await given.group();
    const act = async (verb: string, id: string, body = {}) => {
      expect((await given.tenant.call('POST', `/alerts/${id}/${verb}`, { body })).status).toBe(200);
      await given.group();
      return await given.incident(1);
    };
    expect((await act('acknowledge', ids[0] ?? '')).status).toBe('open');
    const taken = await act('acknowledge', ids[1] ?? '');
    expect(taken).toMatchObject({ status: 'acknowledged', acknowledged_by: expect.any(String) });
    expect(taken.timeline.at(-1)).toMatchObject({ kind: 'acknowledged', actor: { kind: 'api_key' } });
    await act('resolve', ids[0] ?? '', { reason: 'Plugged in.' });
    const over = await act('resolve', ids[1] ?? '', { reason: 'Plugged in.' });
    expect(over).toMatchObject({ status: 'resolved', resolved_reason: 'Plugged in.' });
    expect(over.timeline.at(-1)).toMatchObject({ kind: 'resolved', details: { by_hand: true } });
    const back = await act('reopen', ids[1] ?? '');
    expect(back).toMatchObject({ status: 'acknowledged', resolved_by: null });
  });
});

describe('devices that depend on one that is down', () => {
  test('their alerts are in its incident, also when its alert comes later', async () => {
    const [a, b] = [await given.site('a'), await given.site('b')];
    const root = await given.device('switch', a);
    const leaf = await given.device('till', b, { depends_on: ['switch'] });
    const [child = ''] = await given.open(['till'], { siteId: b, deviceId: leaf });
    await given.group();
    expect(await given.incident(1)).toMatchObject({ status: 'open', muted: null });
    await given.open(['switch'], { siteId: a, deviceId: root });
    await given.mute([child], 'dependency');
    await given.group();
    expect(await given.incident(2)).toMatchObject({
      title: 'switch is offline and 1 more',
      affected: { open: 1, muted: 1, devices: 2 },
    });
    const part = await given.incident(1);
    expect(part).toMatchObject({ status: 'resolved', merged_into: { number: 2 } });
    expect(kindsOf(part)).toEqual(['opened', 'merged']);
  });
});

describe('by hand', () => {
  const byHand = { actor: { ...grouping, kind: 'user', name: 'Ada' } as const };
  const within = <T>(work: Parameters<typeof given.house.ctx.db.tenant<T>>[1]) =>
    given.house.ctx.db.tenant(given.tenant.id, work);

  test('incidents that are merged stay one, and take what comes with either key', async () => {
    const [a, b] = [await given.site('a'), await given.site('b')];
    await given.open(['a1'], { siteId: a });
    const [second = ''] = await given.open(['b1'], { siteId: b });
    await given.group();
    const [one, two] = await given.incidents();
    const { ctx } = given.house;
    await within((tx) => mergeIncidents(ctx, tx, one?.id ?? '', [two?.id ?? ''], byHand));
    await given.open(['b2'], { siteId: b });
    await given.group();
    expect(await given.incident(1)).toMatchObject({ alert_count: 3, status: 'open' });
    expect(await given.incident(2)).toMatchObject({ status: 'resolved', merged_into: { number: 1 } });
    await given.end([second]);
    await given.open(['b1'], { siteId: b });
    await given.group();
    expect(await given.incident(1)).toMatchObject({ alert_count: 3, repeat_count: 1 });
    await expect(
      within((tx) => mergeIncidents(ctx, tx, one?.id ?? '', [two?.id ?? ''], byHand)),
    ).rejects.toThrow('part of another');
  });

  test('alerts that leave have an incident of their own, and come back to it', async () => {
    const siteId = await given.site('a');
    const ids = await given.open(['a', 'b', 'c'], { siteId });
    await given.group();
    const [whole] = await given.incidents();
    const { ctx } = given.house;
    const split = (alerts: string[]) =>
      within((tx) => splitIncident(ctx, tx, whole?.id ?? '', alerts, byHand));
    await split(ids.slice(2));
    expect(await given.incident(1)).toMatchObject({ title: 'a is offline and 1 more', alert_count: 2 });
    expect(await given.incident(2)).toMatchObject({ title: 'c is offline', alert_count: 1 });
    await given.end(ids.slice(2));
    await given.group();
    expect(await given.incident(2)).toMatchObject({ status: 'resolved' });
    await given.open(['c'], { siteId });
    await given.open(['d'], { siteId });
    await given.group();
    expect(await given.incident(2)).toMatchObject({ status: 'open', repeat_count: 1 });
    expect(await given.incident(1)).toMatchObject({ alert_count: 3 });
    await expect(split(ids.slice(0, 2).concat(ids.slice(2)))).rejects.toThrow('Only alerts of this');
  });
});

describe('whoever does it', () => {
  test('two processes at once end in one incident, and no row is worked on twice', async () => {
    await using other = await testApp({
      clock: given.clock,
      database: given.house.database,
      env: asInstalled,
    });
    const siteId = await given.site('a');
    await given.open(
      Array.from({ length: 1_200 }, (_, index) => `d${index}`),
      { siteId },
    );
    await Promise.all([given.group(), groupDue(other.ctx, signal())]);
    await given.group();
    expect(await given.incidents()).toMatchObject([{ alert_count: 1_200, affected: { open: 1_200 } }]);
    const told = (await given.incident(1)).timeline.reduce(
      (sum, { details }) => sum + Number(details.count ?? 0),
      0,
    );
    expect(told).toBe(1_200);
  });

  test.each([
    ['incidents', 'insert'],
    ['incident_alerts', 'insert'],
    ['incident_transitions', 'insert'],
    ['incidents', 'update'],
    ['alert_transitions', 'update'],
  ])(
    'a process that dies at %s (%s) leaves nothing half done, and the next one does it',
    async (table, change) => {
      const owner = new pg.Client({ connectionString: given.house.database.url });
      await owner.connect();
      try {
        await owner.query(`create function die() returns trigger language plpgsql security definer as $$
        begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
        create trigger die before ${change} on ${table} for each statement execute function die()`);
        const siteId = await given.site('a');
        await given.open(['a', 'b'], { siteId });
        await expect(given.group()).rejects.toThrow();
        await owner.query(`drop trigger die on ${table}; drop function die`);
        expect(await given.incidents()).toEqual([]);
        expect(await given.group()).toBe(2);
        expect(await given.incidents()).toMatchObject([{ number: 1, alert_count: 2 }]);
      } finally {
        await owner.end();
      }
    },
  );

  test('alerts that the release before told of get an incident quietly', async () => {
    await given.open(['a', 'b']);
    await query('update alert_transitions set planned_at = now() where organization_id = $1', [
      given.tenant.id,
    ]);
    expect(await given.group()).toBe(0);
    expect(await adoptStrays(given.house.ctx, signal())).toBe(2);
    expect(await adoptStrays(given.house.ctx, signal())).toBe(0);
    expect(await given.incident(1)).toMatchObject({ alert_count: 2, alerts: [{ how: 'adopted' }, {}] });
    const waiting = await query(
      'select from incident_transitions where organization_id = $1 and planned_at is null',
      [given.tenant.id],
    );
    expect(waiting).toHaveLength(0);
  });
});

test('incidents go with their alerts, and their numbers are not given again', async () => {
  await given.end(await given.open(['a']));
  await given.group();
  given.clock.advance(90 * 86_400);
  await purgeIncidents(given.house.ctx, signal());
  expect(await given.incidents()).toHaveLength(1);
  given.clock.advance(1);
  await purgeIncidents(given.house.ctx, signal());
  expect(await given.incidents()).toEqual([]);
  await given.open(['b']);
  await given.group();
  expect((await given.incidents()).map(({ number }) => number)).toEqual([2]);
});

test('however often it looks, the same alerts end in the same incidents', async () => {
  const step = fc.record({
    subject: fc.constantFrom('a', 'b', 'c'),
    seconds: fc.constantFrom(10, 200, 400, 1_000),
    looks: fc.boolean(),
  });
  const play = async (
    steps: readonly { subject: string; seconds: number; looks: boolean }[],
    often: boolean,
  ) => {
    given = await shared.newcomer();
    await settings({ flapping: { changes: 100, within_seconds: 60 } });
    const open = new Map<string, string>();
    for (const { subject, seconds, looks } of steps) {
      given.clock.advance(seconds);
      const id = open.get(subject);
      if (id === undefined) open.set(subject, (await given.open([subject]))[0] ?? '');
      else await given.end([id]);
      if (id !== undefined) open.delete(subject);
      if (often && looks) await given.group();
    }
    await given.group();
    return (await given.incidents()).map((incident) => [
      incident.title,
      incident.status,
      incident.alert_count,
      incident.repeat_count,
      incident.affected,
    ]);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
      expect(await play(steps, true)).toEqual(await play(steps, false));
    }),
    { numRuns: 12 },
  );
});
