import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { givenMember, lastAudit, type Person } from '../identity/people.fixture.ts';
import { membersOfTeam, onCallAt } from './index.ts';
import { onCallMetrics } from './metrics.ts';
import { onCallPrivacy } from './privacy.ts';

let house: TestApp;
let clock: TestClock;
let tenant: Tenant;
let ann: Person;
let ben: Person;
let tenants = 0;
beforeAll(async () => {
  clock = testClock('2026-03-28T12:00:00Z');
  house = await testApp({ clock });
});
afterAll(() => house.close());
beforeEach(async () => {
  tenants += 1;
  tenant = await testTenant(house, `o${tenants}`);
  ann = await givenMember(house, tenant.slug, 'ann', 'operator');
  ben = await givenMember(house, tenant.slug, 'ben', 'viewer');
});

const body = (changes: object = {}) => ({
  name: 'Front desk',
  timezone: 'europe/berlin',
  layers: [
    {
      name: 'First',
      members: [ann.id, ben.id],
      rotation: { every: 1, unit: 'days' },
      handoff_time: '09:00',
      starts_on: '2026-03-28',
    },
  ],
  ...changes,
});
const addSchedule = async (changes: object = {}) =>
  await tenant.call('POST', '/oncall/schedules', { body: body(changes) });

describe('schedules', () => {
  test('show their shifts over the change of the clocks, with an override and no holes', async () => {
    const created = await addSchedule();
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ timezone: 'Europe/Berlin', version: 1 });
    const path = `/oncall/schedules/${created.body.id}`;
    const override = await tenant.call('POST', `${path}/overrides`, {
      body: {
        user_id: ben.id,
        from: '2026-03-29T00:00:00Z',
        to: '2026-03-29T02:00:00Z',
        reason: 'A concert',
      },
    });
    expect(override.status).toBe(201);
    const shown = await tenant.call('GET', `${path}?from=2026-03-28T08:00:00Z&to=2026-03-30T07:00:00Z`);
    const lines = shown.body.final.map(
      (shift: { from: string; person: { name: string }; source: string }) =>
        `${shift.from.slice(0, 16)} ${shift.person.name} ${shift.source}`,
    );
    expect(lines).toEqual([
      '2026-03-28T08:00 ann layer',
      '2026-03-29T00:00 ben override',
      '2026-03-29T02:00 ann layer',
      '2026-03-29T07:00 ben layer',
    ]);
    expect(shown.body.overrides).toMatchObject([{ reason: 'A concert', person: { name: 'ben' } }]);
    const removed = await tenant.call('DELETE', `${path}/overrides/${override.body.id}`);
    expect(removed.status).toBe(204);
    expect((await tenant.call('DELETE', `${path}/overrides/${override.body.id}`)).status).toBe(404);
  });

  test('are changed only from the version that was read, and every write is in the audit', async () => {
    const { id } = (await addSchedule()).body;
    const change = (ifMatch: string) =>
      tenant.call('PUT', `/oncall/schedules/${id}`, {
        body: body({ name: 'Night desk' }),
        headers: { 'if-match': ifMatch },
      });
    expect((await change('"1"')).body).toMatchObject({ name: 'Night desk', version: 2 });
    expect((await change('"1"')).status).toBe(412);
    expect(await lastAudit(house, tenant.slug, 'oncall_schedule.updated')).toMatchObject({
      before: { name: 'Front desk' },
      after: { name: 'Night desk' },
    });
    expect((await tenant.call('DELETE', `/oncall/schedules/${id}`)).status).toBe(204);
    expect((await tenant.call('GET', `/oncall/schedules/${id}`)).status).toBe(404);
  });

  test('refuse what makes no sense, each with its field', async () => {
    const refused = async (changes: object) => {
      const answer = await addSchedule(changes);
      return [answer.status, answer.body.errors?.[0]?.field];
    };
    expect(await refused({ timezone: 'Mars/Olympus' })).toEqual([400, 'timezone']);
    const [layer] = body().layers;
    const stranger = { ...layer, members: [tenant.id] };
    expect(await refused({ layers: [stranger] })).toEqual([400, 'layers/0/members']);
    expect(await refused({ layers: [{ ...layer, ends_at: '2026-01-01T00:00:00Z' }] })).toEqual([
      400,
      'layers/0/ends_at',
    ]);
    expect(await refused({ team_id: tenant.id })).toEqual([400, 'team_id']);
    expect((await addSchedule()).status).toBe(201);
    expect(await refused({ name: 'FRONT DESK' })).toEqual([400, 'name']);
    const other = (await addSchedule({ name: 'Other' })).body.id;
    const span = (query: string) => tenant.call('GET', `/oncall/schedules/${other}?${query}`);
    expect((await span('from=2026-01-01T00:00:00Z&to=2027-06-01T00:00:00Z')).status).toBe(400);
    expect((await span('from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).status).toBe(400);
  });
});

describe('who is on call now', () => {
  test('and next, until when, and as the door tells it', async () => {
    const { id } = (await addSchedule()).body;
    const now = await tenant.call('GET', '/oncall/now');
    expect(now.body.data).toMatchObject([
      {
        schedule: { name: 'Front desk' },
        now: { person: { name: 'ann' }, until: '2026-03-29T07:00:00.000Z' },
        next: { person: { name: 'ben' }, until: '2026-03-30T07:00:00.000Z' },
        next_gap: null,
      },
    ]);
    const at = (text: string) =>
      house.ctx.db.tenant(tenant.id, (tx) => onCallAt(tx, tenant.id, id, new Date(text)));
    expect(await at('2026-03-29T06:59:59Z')).toEqual({ userId: ann.id, name: 'ann' });
    expect(await at('2026-03-29T07:00:00Z')).toEqual({ userId: ben.id, name: 'ben' });
    expect(await at('2026-03-28T07:00:00Z')).toBeNull();
  });

  test('a member who leaves makes a gap that is seen, and a schedule without members says so', async () => {
    await addSchedule();
    await addSchedule({ name: 'Nobody', layers: [] });
    const left = await house.call('DELETE', `/api/v1/orgs/${tenant.slug}/members/${ben.id}`);
    expect(left.status).toBe(204);
    const { data } = (await tenant.call('GET', '/oncall/now')).body;
    expect(data).toMatchObject([
      {
        next: { person: null, gap_reason: 'member_left' },
        next_gap: { from: '2026-03-29T07:00:00.000Z', reason: 'member_left' },
      },
      { now: { person: null, gap_reason: 'no_member', until: null }, next: null },
    ]);
  });
});

describe('permissions', () => {
  test('an operator takes a shift, and takes back only their own', async () => {
    const path = `/oncall/schedules/${(await addSchedule()).body.id}`;
    const override = (token: string, userId: string) =>
      tenant.call('POST', `${path}/overrides`, {
        token,
        body: { user_id: userId, from: '2026-03-29T10:00:00Z', to: '2026-03-29T12:00:00Z' },
      });
    expect((await override(ann.token, ann.id)).status).toBe(201);
    expect((await override(ann.token, ben.id)).status).toBe(403);
    expect((await override(ben.token, ben.id)).status).toBe(403);
    const bens = (await override(tenant.key, ben.id)).body.id;
    const remove = () => tenant.call('DELETE', `${path}/overrides/${bens}`, { token: ann.token });
    expect((await remove()).status).toBe(403);
    const { overrides } = (await tenant.call('GET', path)).body;
    expect(overrides.map(({ id }: { id: string }) => id)).toContain(bens);
  });

  test('an operator does not change schedules, and another organization sees none', async () => {
    const path = `/oncall/schedules/${(await addSchedule()).body.id}`;
    expect((await tenant.call('PUT', path, { token: ann.token, body: body() })).status).toBe(403);
    const other = await testTenant(house, `other${tenants}`);
    expect((await other.call('GET', path)).status).toBe(404);
    expect((await other.call('GET', '/oncall/now')).body.data).toEqual([]);
  });
});

test('a team has members of the organization; who leaves is not among them', async () => {
  const created = await tenant.call('POST', '/oncall/teams', {
    body: { name: 'Field', members: [ben.id, ann.id] },
  });
  expect(created.body).toMatchObject({ members: [{ name: 'ben' }, { name: 'ann' }], version: 1 });
  const { id } = created.body;
  const schedule = await addSchedule({ team_id: id });
  await house.call('DELETE', `/api/v1/orgs/${tenant.slug}/members/${ben.id}`);
  const members = await house.ctx.db.tenant(tenant.id, (tx) => membersOfTeam(tx, tenant.id, id));
  expect(members).toEqual([{ userId: ann.id, name: 'ann' }]);
  // The one who left may stay in the body of a change.
  const renamed = await tenant.call('PUT', `/oncall/teams/${id}`, {
    body: { name: 'Field service', members: [ben.id, ann.id] },
  });
  expect(renamed.body).toMatchObject({ name: 'Field service', version: 2, members: [{ name: 'ann' }] });
  expect((await tenant.call('GET', '/oncall/teams')).body.data).toHaveLength(1);
  expect((await tenant.call('DELETE', `/oncall/teams/${id}`)).status).toBe(204);
  const left = await tenant.call('GET', `/oncall/schedules/${schedule.body.id}`);
  expect(left.body.team_id).toBeNull();
});

describe('swaps', () => {
  const night = { from: '2026-03-28T20:00:00Z', to: '2026-03-29T02:00:00Z' };
  const back = { from: '2026-03-29T20:00:00Z', to: '2026-03-30T02:00:00Z' };

  test('change nothing until the one who was asked accepts; then both take the time of the other', async () => {
    const schedule = `/oncall/schedules/${(await addSchedule()).body.id}`;
    const path = `${schedule}/swaps`;
    const asked = await tenant.call('POST', path, {
      token: ann.token,
      body: { user_id: ben.id, ...night, in_return: back },
    });
    expect(asked.body).toMatchObject({ status: 'open', asked: { name: 'ben' } });
    const holders = async () => {
      const shown = await tenant.call('GET', `${schedule}?from=2026-03-28T20:00:00Z&to=2026-03-30T02:00:00Z`);
      return shown.body.final.map(({ person }: { person: { name: string } }) => person.name);
    };
    expect(await holders()).toEqual(['ann', 'ben']);
    const answer = (verb: string, token: string) =>
      tenant.call('POST', `${path}/${asked.body.id}/${verb}`, { token });
    expect((await answer('accept', ann.token)).status).toBe(403);
    expect((await answer('withdraw', ben.token)).status).toBe(403);
    expect((await answer('accept', ben.token)).body).toMatchObject({ status: 'accepted' });
    expect(await holders()).toEqual(['ben', 'ann', 'ben', 'ann']);
    expect((await answer('accept', ben.token)).status).toBe(409);
    expect((await tenant.call('GET', path)).body.data).toMatchObject([{ status: 'accepted' }]);
  });

  test('are asked for only of own time, and refused when the shifts have changed meanwhile', async () => {
    const { id } = (await addSchedule()).body;
    const path = `/oncall/schedules/${id}/swaps`;
    const ask = (span: object) =>
      tenant.call('POST', path, { token: ann.token, body: { user_id: ben.id, ...span } });
    expect((await ask(back)).status).toBe(400);
    const open = (await ask(night)).body.id;
    const [layer] = body().layers;
    const turned = body({ layers: [{ ...layer, members: [ben.id, ann.id] }] });
    expect((await tenant.call('PUT', `/oncall/schedules/${id}`, { body: turned })).status).toBe(200);
    expect((await tenant.call('POST', `${path}/${open}/accept`, { token: ben.token })).status).toBe(409);
    const declined = await tenant.call('POST', `${path}/${open}/decline`, { token: ben.token });
    expect(declined.body).toMatchObject({ status: 'declined' });
  });
});

describe('calendar feeds', () => {
  const read = (url: string) => house.call('GET', new URL(url).pathname, { token: null });

  test('hold the shifts of one person; a new address ends the old one, and so does leaving', async () => {
    await addSchedule();
    const make = () => tenant.call('POST', '/oncall/feed', { token: ben.token });
    expect((await tenant.call('POST', '/oncall/feed')).status).toBe(403);
    const first = (await make()).body.url;
    const { url } = (await make()).body;
    expect((await read(first)).status).toBe(404);
    const shown = await read(url);
    expect(shown.headers['content-type']).toContain('text/calendar');
    expect(shown.body).toContain(
      'DTSTART:20260329T070000Z\r\nDTEND:20260330T070000Z\r\nSUMMARY:On call: ben\\, Front desk',
    );
    expect(shown.body).not.toContain('On call: ann');
    await house.call('DELETE', `/api/v1/orgs/${tenant.slug}/members/${ben.id}`);
    expect((await read(url)).status).toBe(404);
  });

  test('hold a schedule with its gaps, and say where they are cut', async () => {
    const [layer] = body().layers;
    const hourly = { ...layer, rotation: { every: 1, unit: 'hours' } };
    const { id } = (await addSchedule({ layers: [hourly] })).body;
    const path = `/oncall/schedules/${id}/feed`;
    const { url } = (await tenant.call('POST', path)).body;
    const text = (await read(url)).body;
    expect(text).toContain('SUMMARY:Nobody is on call: Front desk');
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(1_001);
    expect(text).toContain('SUMMARY:There are more shifts than this calendar holds');
    expect((await tenant.call('DELETE', path)).status).toBe(204);
    expect((await read(url)).status).toBe(404);
    expect(await lastAudit(house, tenant.slug, 'oncall.feed_revoked')).toMatchObject({ target: { id } });
  });
});

test('schedules with a gap within a week are counted for the installation', async () => {
  const count = async () => {
    const read = await house.ctx.db.system((tx) => onCallMetrics.read(house.ctx, tx, new Date(clock.now())));
    return Object.fromEntries((read.oncall_schedules ?? []).map(([{ state }, value]) => [state, value]));
  };
  const before = await count();
  await addSchedule();
  await addSchedule({ name: 'Nobody', layers: [] });
  const after = await count();
  expect(after).toEqual({ covered: (before.covered ?? 0) + 1, gap: (before.gap ?? 0) + 1 });
});

test('the export of a person holds their teams, schedules and overrides, and not those of others', async () => {
  await tenant.call('POST', '/oncall/teams', { body: { name: 'Field', members: [ann.id] } });
  await tenant.call('POST', '/oncall/teams', { body: { name: 'Office', members: [ben.id] } });
  const { id } = (await addSchedule()).body;
  const { layers } = body();
  await addSchedule({ name: 'Of ben', layers: layers.map((layer) => ({ ...layer, members: [ben.id] })) });
  await tenant.call('POST', `/oncall/schedules/${id}/overrides`, {
    body: { user_id: ann.id, from: '2026-03-29T00:00:00Z', to: '2026-03-29T02:00:00Z' },
  });
  const person = { ids: [ann.id], email: ann.email, names: ['ann'] };
  const exported = await house.ctx.db.system(async (tx) => {
    const tables: object[][] = [];
    for (const part of onCallPrivacy) tables.push([...(await part.export(tx, person)).rows]);
    return tables;
  });
  expect(exported).toMatchObject([
    [{ name: 'Field' }],
    [{ name: 'Front desk' }],
    [{ schedule_id: id, user_id: ann.id }],
    [],
    [],
  ]);
});
