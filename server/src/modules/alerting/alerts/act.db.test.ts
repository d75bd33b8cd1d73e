import { bulkAlertsMax, reopenWindowSeconds } from '@watchkeeper/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth');
});

/** Makes devices fall silent; returns their open alerts. */
async function silent(...slugs: string[]): Promise<string[]> {
  for (const slug of slugs) {
    await given.device(slug, 'dartmouth');
    await given.beat(slug, 'dartmouth');
  }
  await given.pass(130);
  await given.tick();
  const alerts = await given.alerts('&status=open');
  return slugs.map((slug) => alerts.find((alert) => alert.device_id === slug)?.id ?? '');
}

const post = (path: string, body?: object, token?: string) =>
  given.tenant.call('POST', path, {
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { token }),
  });
const outcomes = (answer: { body: { data: { outcome: string }[] } }) =>
  answer.body.data.map((result) => result.outcome);
const statusOf = async (id: string) => (await given.tenant.call('GET', `/alerts/${id}`)).body.status;
const kinds = async (id: string) =>
  (await given.tenant.call('GET', `/alerts/${id}`)).body.timeline.map(
    (entry: { kind: string }) => entry.kind,
  );
const audits = async (action: string) =>
  (await given.tenant.call('GET', `/audit?action=${action}`)).body.data;
/** The ledger of an alert: which messages were sent, and which were not. */
const ledger = async (id: string) =>
  (await given.tenant.call('GET', `/notifications?alert=${id}`)).body.data.map(
    (row: { transition: string; status: string }) => `${row.transition} ${row.status}`,
  );

describe('a selection', () => {
  test('is acknowledged and resolved at once, each alert with its own outcome, timeline and audit row', async () => {
    const [one = '', two = ''] = await silent('bay-1', 'bay-2');
    await post(`/alerts/${one}/acknowledge`);
    const missing = newId();
    const acknowledged = await post('/alerts/acknowledge', { ids: [two, one, missing], note: 'on my way' });
    expect(acknowledged.status).toBe(200);
    expect(acknowledged.body.data).toMatchObject([
      { id: two, outcome: 'changed', alert: { status: 'acknowledged' } },
      { id: one, outcome: 'unchanged' },
      { id: missing, outcome: 'not_found', alert: null },
    ]);
    const resolved = await post('/alerts/resolve', { ids: [one, two], reason: 'Power was off.' });
    expect(outcomes(resolved)).toEqual(['changed', 'changed']);
    expect(await kinds(two)).toEqual(['opened', 'acknowledged', 'resolved']);
    expect(await audits('alert.resolved')).toHaveLength(2);
    const again = await post('/alerts/resolve', { ids: [one], reason: 'again' });
    expect(again.body.data).toMatchObject([
      { outcome: 'conflict', detail: 'This alert is resolved already.' },
    ]);
    expect(await audits('alert.resolved')).toHaveLength(2);
  });

  test('is refused to readers, and when it is empty, has an alert twice or is too long', async () => {
    const [id = ''] = await silent('bay-1');
    for (const verb of ['acknowledge', 'unacknowledge', 'resolve', 'reopen']) {
      const body = { ids: [id], ...(verb === 'resolve' ? { reason: 'x' } : {}) };
      expect((await post(`/alerts/${verb}`, body, given.tenant.readKey)).status).toBe(403);
      expect((await post(`/alerts/${verb}`, { ...body, ids: [] })).status).toBe(400);
      expect((await post(`/alerts/${verb}`, { ...body, ids: [id, id] })).status).toBe(400);
      const many = Array.from({ length: bulkAlertsMax + 1 }, newId);
      expect((await post(`/alerts/${verb}`, { ...body, ids: many })).status).toBe(400);
    }
    expect(await statusOf(id)).toBe('open');
  });

  test('does not change another tenant’s alerts, as if they did not exist', async () => {
    const [id = ''] = await silent('bay-1');
    const stranger = await shared.newcomer();
    const answer = await stranger.tenant.call('POST', '/alerts/resolve', {
      body: { ids: [id], reason: 'x' },
    });
    expect(outcomes(answer)).toEqual(['not_found']);
    expect(await statusOf(id)).toBe('open');
  });
});

describe('undoing an acknowledgement', () => {
  test('opens the alert again, with a timeline entry and an audit row, and tells nobody', async () => {
    await given.tenant.call('POST', '/channels', { body: { kind: 'console', name: 'Log', config: {} } });
    const [id = ''] = await silent('bay-1');
    await post(`/alerts/${id}/acknowledge`);
    await given.work();
    const before = await ledger(id);
    expect(await post(`/alerts/${id}/unacknowledge`)).toMatchObject({
      status: 200,
      body: { status: 'open', acknowledged_at: null, acknowledged_by: null },
    });
    await given.work();
    expect(await ledger(id)).toEqual(before);
    expect(before).toContain('opened sent');
    expect(await kinds(id)).toEqual(['opened', 'acknowledged', 'unacknowledged']);
    expect(await audits('alert.unacknowledged')).toMatchObject([
      { before: { status: 'acknowledged' }, after: { status: 'open' } },
    ]);
  });

  test('changes nothing when nobody acknowledged, and is a conflict when the alert is resolved', async () => {
    const [id = ''] = await silent('bay-1');
    expect((await post(`/alerts/${id}/unacknowledge`)).status).toBe(200);
    expect(await kinds(id)).toEqual(['opened']);
    await post(`/alerts/${id}/resolve`, { reason: 'x' });
    expect((await post(`/alerts/${id}/unacknowledge`)).status).toBe(409);
  });
});

describe('undoing a resolution', () => {
  test("restores the alert, tells nobody again, and the device's recovery still resolves it", async () => {
    await given.tenant.call('POST', '/channels', { body: { kind: 'console', name: 'Log', config: {} } });
    const [open = '', inHand = ''] = await silent('bay-1', 'bay-2');
    await post(`/alerts/${inHand}/acknowledge`);
    await post('/alerts/resolve', { ids: [open, inHand], reason: 'the wrong ones' });
    await given.work();
    given.clock.advance(reopenWindowSeconds - 1);
    expect(outcomes(await post('/alerts/reopen', { ids: [open, inHand] }))).toEqual(['changed', 'changed']);
    await given.work();
    expect([await statusOf(open), await statusOf(inHand)]).toEqual(['open', 'acknowledged']);
    expect(await kinds(open)).toEqual(['opened', 'resolved', 'reopened']);
    expect(await ledger(open)).toEqual(['reopened not_sent', 'resolved sent', 'opened sent']);
    expect(await audits('alert.reopened')).toHaveLength(2);
    await given.beat('bay-1', 'dartmouth');
    await given.tick();
    expect(await statusOf(open)).toBe('resolved');
    expect(await statusOf(inHand)).toBe('acknowledged');
  });

  test('is refused after the time limit and after a recovery, and changes nothing on an unresolved alert', async () => {
    const [late = '', recovered = '', open = ''] = await silent('bay-1', 'bay-2', 'bay-3');
    await post(`/alerts/${late}/resolve`, { reason: 'x' });
    given.clock.advance(reopenWindowSeconds);
    expect(await post(`/alerts/${late}/reopen`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await given.beat('bay-2', 'dartmouth');
    await given.tick();
    expect(await statusOf(recovered)).toBe('resolved');
    expect((await post(`/alerts/${recovered}/reopen`)).status).toBe(409);
    expect((await post(`/alerts/${open}/reopen`)).status).toBe(200);
    expect(await kinds(open)).toEqual(['opened']);
    expect((await post(`/alerts/${newId()}/reopen`)).status).toBe(404);
  });

  test('is refused when a newer alert says the same, or when the rule was switched off', async () => {
    await given.changeRule('device_offline', { cooldown: 0 });
    const [first = ''] = await silent('bay-1');
    await post(`/alerts/${first}/resolve`, { reason: 'x' });
    await given.pass(1);
    await given.tick();
    const [second] = await given.alerts('&status=open');
    expect(second?.id).not.toBe(first);
    expect((await post(`/alerts/${first}/reopen`)).status).toBe(409);
    await given.changeRule('device_offline', { enabled: false });
    expect(await statusOf(second?.id ?? '')).toBe('resolved');
    expect((await post(`/alerts/${second?.id}/reopen`)).status).toBe(409);
  });

  test('is refused while the rule watches something else, and allowed when it watches the same again', async () => {
    await given.site('halifax');
    const [id = ''] = await silent('bay-1');
    await post(`/alerts/${id}/resolve`, { reason: 'x' });
    expect((await given.changeRule('device_offline', { site: 'halifax' })).status).toBe(200);
    expect(await post(`/alerts/${id}/reopen`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await kinds(id)).toEqual(['opened', 'resolved']);
    expect((await given.changeRule('device_offline', { site: 'dartmouth' })).status).toBe(200);
    expect((await post(`/alerts/${id}/reopen`)).status).toBe(200);
  });

  test('happens once when eight requests come at once', async () => {
    const [id = ''] = await silent('bay-1');
    await post(`/alerts/${id}/resolve`, { reason: 'x' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/alerts/reopen', { ids: [id] })));
    expect(answers.flatMap(outcomes).filter((outcome) => outcome === 'changed')).toHaveLength(1);
    expect(await kinds(id)).toEqual(['opened', 'resolved', 'reopened']);
  });
});

describe('GET /alerts for the inbox', () => {
  test('finds alerts that contain all the words, and treats % and _ as plain text', async () => {
    await silent('bay-1', 'bay_2');
    const found = async (q: string) =>
      (await given.alerts(`&q=${encodeURIComponent(q)}`)).map((alert) => alert.device_id).sort();
    expect(await found('reporting DARTMOUTH')).toEqual(['bay-1', 'bay_2']);
    expect(await found('bay-1 offline')).toEqual(['bay-1']);
    expect(await found('bay_')).toEqual(['bay_2']);
    expect(await found('%')).toEqual([]);
    expect(await found('   ')).toEqual(['bay-1', 'bay_2']);
  });

  test('sorts by weight: open, acknowledged, resolved; worse and older first; pages neither skip nor repeat', async () => {
    const [one = '', two = '', three = ''] = await silent('bay-1', 'bay-2', 'bay-3');
    await given.device('bay-4', 'dartmouth');
    await given.beat('bay-4', 'dartmouth');
    await given.pass(130);
    await given.tick();
    const [four] = await given.alerts('&device=bay-4');
    await post(`/alerts/${one}/acknowledge`);
    await post(`/alerts/${two}/resolve`, { reason: 'x' });
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 4; page += 1) {
      const answer = await given.tenant.call('GET', `/alerts?order=weight&limit=1${cursor}`);
      seen.push(...answer.body.data.map((alert: { id: string }) => alert.id));
      cursor = `&cursor=${answer.body.next_cursor}`;
    }
    expect(seen).toEqual([three, four?.id, one, two]);
    expect((await given.tenant.call('GET', '/alerts?order=weight&cursor=abc')).status).toBe(400);
    expect((await given.tenant.call('GET', '/alerts?order=colour')).status).toBe(400);
  });
});

describe('a resolution', () => {
  test('stores its reason and the action taken separately; undoing it deletes both', async () => {
    const [id = ''] = await silent('bay-1');
    const resolved = await post(`/alerts/${id}/resolve`, {
      ...{ resolution: 'The switch hung.', actionTaken: 'Restarted it.', user: 'mike' },
    });
    expect(resolved.body).toMatchObject({
      ...{
        resolved_reason: 'The switch hung.',
        resolution: 'The switch hung.',
        action_taken: 'Restarted it.',
      },
    });
    const { timeline } = (await given.tenant.call('GET', `/alerts/${id}`)).body;
    expect(timeline.at(-1)).toMatchObject({
      ...{ kind: 'resolved', why: 'The switch hung.' },
      details: { action_taken: 'Restarted it.', named_by: 'mike' },
    });
    expect(await audits('alert.resolved')).toMatchObject([
      { after: { reason: 'The switch hung.', action_taken: 'Restarted it.', named_by: 'mike' } },
    ]);
    const reopened = await post(`/alerts/${id}/reopen`);
    expect(reopened.body).toMatchObject({ resolution: null, resolved_reason: null, action_taken: null });
  });

  test('can be made by the provider path too, with only a reason or with both', async () => {
    const [one = '', two = ''] = await silent('bay-1', 'bay-2');
    const resolve = (id: string, body: object) =>
      given.house.call('POST', `/provider/alerts/${id}/resolve`, { token: given.tenant.key, body });
    expect((await resolve(one, { reason: 'Power was off.' })).body).toMatchObject({
      ...{ resolution: 'Power was off.', action_taken: null },
    });
    expect(
      (await resolve(two, { resolution: 'Loose cable.', action_taken: 'Replaced.' })).body,
    ).toMatchObject({
      ...{ resolved_reason: 'Loose cable.', action_taken: 'Replaced.' },
    });
    const both = await resolve(two, { reason: 'a', resolution: 'b' });
    expect([both.status, both.body.errors]).toMatchObject([400, [{ field: 'resolution' }]]);
  });

  test('of a selection stores the action taken for each alert', async () => {
    const ids = await silent('bay-1', 'bay-2');
    const answer = await post('/alerts/resolve', { ids, reason: 'Storm.', action_taken: 'Fuses changed.' });
    expect(answer.body.data).toMatchObject(
      ids.map((id) => ({ id, alert: { action_taken: 'Fuses changed.' } })),
    );
  });

  test('and an acknowledgement store the person named in the body, but belong to the caller', async () => {
    const [id = ''] = await silent('bay-1');
    const { body } = await post(`/alerts/${id}/acknowledge`, { acknowledgedBy: 'mike', note: 'On it.' });
    expect(body.acknowledged_by).not.toBe('mike');
    expect(await audits('alert.acknowledged')).toMatchObject([
      { after: { note: 'On it.', named_by: 'mike' } },
    ]);
  });
});
