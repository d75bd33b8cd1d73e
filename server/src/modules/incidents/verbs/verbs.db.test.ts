import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { givenMember } from '../../identity/people.fixture.ts';
import { tickIncidents } from '../grouping/tick.ts';
import { type Group, type GroupingHouse, groupingHouse, type IncidentAnswer } from '../grouping.fixture.ts';

let shared: GroupingHouse;
let given: Group;
beforeAll(async () => {
  shared = await groupingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
});

/** One incident of these alerts. Returns their ids. */
async function incidentOf(...subjects: string[]): Promise<string[]> {
  const ids = await given.open(subjects, { siteId: await given.site('dartmouth') });
  await given.group();
  return ids;
}

const post = (
  path: string,
  body?: object,
  options: { token?: string; headers?: Record<string, string> } = {},
) => given.tenant.call('POST', `/incidents${path}`, { ...(body === undefined ? {} : { body }), ...options });
const alertOf = async (id: string) => (await given.tenant.call('GET', `/alerts/${id}`)).body;
const statuses = async (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await alertOf(id)).status));
const kindsOf = ({ timeline }: IncidentAnswer) => timeline.map(({ kind }) => kind);
const audits = async (action: string) =>
  (await given.tenant.call('GET', `/audit?action=${action}`)).body.data;

describe('acknowledging', () => {
  test('an incident acknowledges its alerts, and taking it back takes theirs back', async () => {
    const alerts = await incidentOf('bay-1', 'bay-2');
    const taken = await post('/1/acknowledge', { note: 'on my way' });
    expect(taken.body).toMatchObject({ status: 'acknowledged', attention: 'in_hand' });
    expect(await statuses(alerts)).toEqual(['acknowledged', 'acknowledged']);
    // Grouping hears of the alerts as well, and has nothing to add.
    await given.group();
    expect(kindsOf(await given.incident(1))).toEqual(['opened', 'acknowledged']);
    expect(await audits('incident.acknowledged')).toMatchObject([
      { target: { kind: 'incident' }, after: { status: 'acknowledged', alerts: 2, note: 'on my way' } },
    ]);
    expect((await post('/1/unacknowledge')).body.status).toBe('open');
    await given.group();
    expect(await statuses(alerts)).toEqual(['open', 'open']);
    expect(kindsOf(await given.incident(1))).toEqual(['opened', 'acknowledged', 'unacknowledged']);
  });

  test('again changes nothing, and one that is over is a conflict', async () => {
    await incidentOf('bay-1');
    await post('/1/acknowledge');
    expect((await post('/1/acknowledge')).status).toBe(200);
    expect(await audits('incident.acknowledged')).toHaveLength(1);
    await post('/1/resolve', { reason: 'Plugged in.' });
    const late = await post('/1/acknowledge');
    expect([late.status, late.body.detail]).toEqual([
      409,
      'This incident is resolved already; it cannot be acknowledged any more.',
    ]);
  });

  test('every alert acknowledges their incident', async () => {
    const [one, two] = await incidentOf('bay-1', 'bay-2');
    await given.tenant.call('POST', `/alerts/${one}/acknowledge`);
    await given.group();
    expect((await given.incident(1)).status).toBe('open');
    await given.tenant.call('POST', `/alerts/${two}/acknowledge`);
    await given.group();
    expect((await given.incident(1)).status).toBe('acknowledged');
  });
});

describe('resolving', () => {
  test('an incident resolves its alerts with reason and action, and taking it back opens them again', async () => {
    const [early = '', ...rest] = await incidentOf('bay-1', 'bay-2', 'bay-3');
    await given.end([early]);
    await given.group();
    given.clock.advance(60);
    const done = await post('/1/resolve', { resolution: 'Power was off.', action_taken: 'Reset the fuse.' });
    expect(done.body).toMatchObject({
      status: 'resolved',
      resolved_reason: 'Power was off.',
      action_taken: 'Reset the fuse.',
    });
    expect(await alertOf(rest[0] ?? '')).toMatchObject({
      status: 'resolved',
      resolved_reason: 'Power was off.',
      action_taken: 'Reset the fuse.',
    });
    await given.group();
    expect((await post('/1/resolve', { reason: 'again' })).status).toBe(409);
    const reopened = await post('/1/reopen');
    expect(reopened.body).toMatchObject({ status: 'open', resolved_reason: null });
    await given.group();
    expect(await statuses([early, ...rest])).toEqual(['resolved', 'open', 'open']);
    expect(kindsOf(await given.incident(1))).toEqual(['opened', 'recovered', 'resolved', 'reopened']);
  });

  test('every alert by hand resolves their incident', async () => {
    const alerts = await incidentOf('bay-1', 'bay-2');
    await given.tenant.call('POST', '/alerts/resolve', { body: { ids: alerts, reason: 'Moved.' } });
    await given.group();
    expect(await given.incident(1)).toMatchObject({ status: 'resolved', resolved_reason: 'Moved.' });
  });
});

describe('a selection', () => {
  test('has an outcome per incident', async () => {
    await given.open(['a'], { siteId: await given.site('a') });
    await given.open(['b'], { siteId: await given.site('b') });
    await given.group();
    const [a, b] = (await given.incidents()).map(({ id }) => id);
    await post(`/${a}/resolve`, { reason: 'x' });
    const missing = newId();
    const done = await post('/acknowledge', { ids: [b, a, missing] });
    expect(done.body.data).toMatchObject([
      { id: b, outcome: 'changed', incident: { status: 'acknowledged' } },
      { id: a, outcome: 'conflict' },
      { id: missing, outcome: 'not_found', incident: null },
    ]);
    const ended = await post('/resolve', { ids: [a, b], reason: 'y' });
    expect(ended.body.data).toMatchObject([{ outcome: 'conflict' }, { outcome: 'changed' }]);
    const back = await post('/reopen', { ids: [a, b] });
    expect(back.body.data).toMatchObject([{ outcome: 'changed' }, { outcome: 'changed' }]);
    const open = await post('/unacknowledge', { ids: [a, b] });
    expect(open.body.data).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'changed' }]);
  });
});

describe('who and when', () => {
  test('an incident is assigned to a member, and to nobody', async () => {
    await incidentOf('bay-1');
    expect((await post('/1/assign', { user: newId() })).body.errors).toMatchObject([{ field: 'user' }]);
    const ada = await givenMember(given.house, given.tenant.slug, 'ada', 'operator');
    const hers = await post('/1/assign', { user: ada.id });
    expect(hers.body.assigned_to).toEqual({ id: ada.id, name: 'ada' });
    expect(kindsOf(await given.incident(1))).toEqual(['opened', 'assigned']);
    expect((await post('/1/assign', { user: null })).body.assigned_to).toBeNull();
  });

  test('a snooze is quiet until it runs out', async () => {
    await incidentOf('bay-1');
    expect((await post('/1/snooze', {})).status).toBe(400);
    const inAnHour = new Date(given.clock.now() + 3_600_000).toISOString();
    const asleep = await post('/1/snooze', { for: '1h', note: 'after the match' });
    expect(asleep.body).toMatchObject({ attention: 'in_hand', snoozed_until: inAnHour });
    expect((await post('/1/unsnooze')).body.snoozed_until).toBeNull();
    await post('/1/snooze', { for: 60 });
    given.clock.advance(61);
    await tickIncidents(given.house.ctx, AbortSignal.timeout(60_000));
    const awake = await given.incident(1);
    expect(awake).toMatchObject({ attention: 'needs_you', snoozed_until: null });
    expect(kindsOf(awake)).toEqual(['opened', 'snoozed', 'snooze_ended', 'snoozed', 'snooze_ended']);
  });
});

describe('words', () => {
  test('comments, title, priority with its reason, note and links', async () => {
    await incidentOf('bay-1');
    await post('/1/comment', { text: 'Called the landlord.' });
    const patch = (body: object, version?: number) =>
      given.house.call('PATCH', `/api/v1/${given.tenant.slug}/incidents/1`, {
        body,
        token: given.tenant.key,
        ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }),
      });
    expect((await patch({ priority: 'P1' })).body.errors).toMatchObject([{ field: 'reason' }]);
    const changed = await patch({ title: 'Bay 1 is dark', priority: 'P1', reason: 'A league plays.' });
    expect(changed.body).toMatchObject({
      title: 'Bay 1 is dark',
      priority: { level: 'P1', reason: 'A league plays.' },
    });
    expect((await patch({ title: 'x' }, changed.body.version - 1)).status).toBe(412);
    expect((await patch({ priority: null, reason: 'They left.' })).body.priority.by).toBeNull();
    const noted = await given.tenant.call('PUT', '/incidents/1/note', { body: { text: 'Buy a new fuse.' } });
    expect(noted.body.note).toBe('Buy a new fuse.');
    const link = await post('/1/links', { url: 'https://tickets.example/7', title: 'Ticket 7' });
    expect((await post('/1/links', { url: 'https://tickets.example/7' })).body.id).toBe(link.body.id);
    expect((await post('/1/links', { url: 'javascript:alert(1)' })).status).toBe(400);
    expect((await given.incident(1)) as unknown).toMatchObject({ links: [{ title: 'Ticket 7' }] });
    const removed = await given.tenant.call('DELETE', `/incidents/1/links/${link.body.id}`);
    expect(removed.status).toBe(204);
    expect(kindsOf(await given.incident(1))).toEqual([
      ...['opened', 'commented', 'renamed', 'priority_changed', 'priority_changed', 'noted'],
      ...['linked', 'linked'],
    ]);
  });
});

describe('together and apart', () => {
  test('merging moves the alerts, and splitting makes a new incident', async () => {
    const [a = ''] = await given.open(['a'], { siteId: await given.site('a') });
    const [b = ''] = await given.open(['b'], { siteId: await given.site('b') });
    await given.group();
    const [one, two] = (await given.incidents()).map(({ id }) => id);
    expect((await post('/1/merge', { incidents: [one] })).status).toBe(400);
    const merged = await post('/1/merge', { incidents: [two], note: 'one cable' });
    expect(merged.body).toMatchObject({ alert_count: 2 });
    expect(await given.incident(2)).toMatchObject({ status: 'resolved', merged_into: { number: 1 } });
    expect((await post('/2/reopen')).body.detail).toBe('It is part of #1. Act on that one.');
    const part = await post('/1/split', { alerts: [b] });
    expect([part.status, part.body.number]).toEqual([201, 3]);
    expect((await post('/1/split', { alerts: [a] })).status).toBe(409);
    expect(await audits('incident.split')).toHaveLength(1);
  });
});

describe('by hand', () => {
  test('a reported problem is an incident at once, and reported again it is the same', async () => {
    const siteId = await given.site('dartmouth');
    const report = { title: 'The gate sticks', severity: 'high', site: 'dartmouth' };
    const first = await post('', report);
    expect([first.status, first.body]).toMatchObject([
      201,
      { number: 1, title: 'The gate sticks', site: { id: siteId }, affected: { open: 1 } },
    ]);
    const again = await post('', report);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    await given.group();
    expect(kindsOf(await given.incident(1))).toEqual(['opened']);
    expect((await post('', { ...report, site: 'nowhere' })).status).toBe(400);
  });
});

test('readers act on nothing, and strangers find nothing', async () => {
  await incidentOf('bay-1');
  const bodies: Readonly<Record<string, object | undefined>> = {
    acknowledge: undefined,
    unacknowledge: undefined,
    resolve: { reason: 'x' },
    reopen: undefined,
    assign: { user: null },
    comment: { text: 'x' },
    snooze: { for: '1h' },
    unsnooze: undefined,
    merge: { incidents: [newId()] },
    split: { alerts: [newId()] },
    links: { url: 'https://x.example' },
  };
  const stranger = await shared.newcomer();
  const { id } = await given.incident(1);
  for (const [verb, body] of Object.entries(bodies)) {
    const asked = await post(`/1/${verb}`, body, { token: given.tenant.readKey });
    expect([verb, asked.status]).toEqual([verb, 403]);
    const strange = await stranger.tenant.call('POST', `/incidents/${id}/${verb}`, {
      ...(body === undefined ? {} : { body }),
    });
    expect([verb, strange.status]).toEqual([verb, 404]);
  }
  expect(kindsOf(await given.incident(1))).toEqual(['opened']);
});
