import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Ctx } from '#platform/context';
import { newId } from '#platform/ids';
import { createParts } from '#platform/parts';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Ledger, ledgerOf } from '../../notifications/incidents/ledger.fixture.ts';
import { incidentTopic } from '../../notifications/incidents/topic.ts';
import { readReach } from '../channels/reach.ts';
import { readSupport } from '../channels/support.ts';
import { beginPlan, selectTold, tryLockLedger } from '../ledger/ledger-store.ts';
import { writeLedger } from '../ledger/write-ledger.ts';
import { createDeliveries } from '../queue/deliveries.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { keepTopics } from './topic.ts';
import { weather } from './weather.fixture.ts';

let clock: TestClock;
let house: TestApp;
let ledger: Ledger;
let receiver: Receiver;
let next: Ctx;

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  ledger = await ledgerOf(house);
  next = { ...house.ctx, parts: createParts() };
  keepTopics(next, [{ name: 'weather', topics: [incidentTopic, weather] }]);
});
afterAll(() => house.close());
beforeEach(async () => {
  receiver = await startReceiver();
  const body = { kind: 'webhook', name: 'Ops', config: { url: receiver.url } };
  expect((await house.call('POST', '/api/v1/default/channels', { body })).status).toBe(201);
});
afterEach(async () => {
  await ledger.clear();
  await receiver[Symbol.asyncDispose]();
});

async function tell(kind: string, subjectId: string, sky: string, version = 1): Promise<void> {
  const support = await readSupport(next);
  await next.db.tenant(ledger.org, async (tx) => {
    expect(await tryLockLedger(tx, ledger.org)).toBe(true);
    const transition = { id: newId(), subjectId, kind, facts: { city: 'Oslo', sky } };
    const rows = (await readReach(next, tx, ledger.org, support)).flatMap((channel) =>
      channel.recipients.map(({ label }) => ({
        transition,
        channelId: channel.id,
        channelKind: channel.kind,
        channelName: channel.name,
        recipient: label,
        notSent: undefined,
      })),
    );
    await writeLedger({ ctx: next, tx, organizationId: ledger.org }, { ...weather, version }, rows);
  });
}

async function runOnce(ctx: Ctx): Promise<void> {
  await using deliveries = createDeliveries(ctx);
  await deliveries.once(AbortSignal.timeout(120_000));
}

const types = () => receiver.received.map((request) => JSON.parse(request.body).type);
const statuses = async () =>
  (await ledger.rows()).map((row) => [row.transition_kind, row.status, row.reason]);

it('a topic other than alerts goes through the same pipeline with its own words', async () => {
  await tell('changed', newId(), 'snow');
  const alerts = await ledger.openAlerts(1);
  await ledger.transition('opened', alerts);
  await runOnce(next);
  expect(types().toSorted()).toEqual(['incident.opened', 'weather.changed']);
  const listed = await house.call('GET', '/api/v1/default/notifications');
  expect(listed.body.data).toMatchObject([
    { topic: 'incident', subject_title: 'Bay 1 PC is offline', alert_id: alerts[0] },
    // This process does not know the topic, but still shows the row.
    { topic: 'weather', subject_title: 'weather', alert_id: null, alert_title: null },
  ]);
});

it('a process that does not know a topic leaves its messages to those that do', async () => {
  await tell('changed', newId(), 'hail');
  await runOnce(house.ctx);
  expect(receiver.received).toEqual([]);
  expect(await ledger.messages()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  await runOnce(next);
  expect(types()).toEqual(['weather.changed']);
});

it('facts of a newer release wait for a process of that release', async () => {
  await tell('changed', newId(), 'hail', 2);
  await runOnce(next);
  expect(receiver.received).toEqual([]);
  expect(await ledger.messages()).toMatchObject([{ status: 'pending', attempts: 0 }]);
});

it('the topic is asked whether a planned message may still be sent', async () => {
  const city = newId();
  await tell('changed', city, 'rain');
  await tell('cleared', city, 'blue');
  const [, cleared = ''] = (await ledger.messages()).map((message) => message.id);
  await ledger.deliver(cleared, next);
  expect(receiver.received).toEqual([]);
  expect(await statuses()).toEqual([
    ['changed', 'not_sent', 'The sky changed again.'],
    ['cleared', 'not_sent', 'The sky is blue again.'],
  ]);
});

it('the same subject id in two topics is two subjects', async () => {
  const id = newId();
  await tell('changed', id, 'fog');
  await next.db.tenant(ledger.org, async (tx) => {
    const of = { subjectIds: [id], kinds: ['changed'] };
    expect(await selectTold(tx, ledger.org, 'weather', of)).toHaveLength(1);
    expect(await selectTold(tx, ledger.org, 'alert', of)).toEqual([]);
  });
});

it('a row of the previous release is an alert, and is known', async () => {
  const [alertId = ''] = await ledger.openAlerts(1);
  const { items } = await ledger.transition('opened', [alertId], { tell: false });
  const id = items[0]?.transitionId ?? '';
  await house.ctx.db.system((tx) =>
    sql`insert into notifications (organization_id, id, alert_id, transition_id, transition_kind, recipient, status, facts, created_at)
      values (${ledger.org}, ${newId()}, ${alertId}, ${id}, 'opened', '', 'not_sent', '{"title": "Bay 1 PC is offline"}', now())
      on conflict on constraint notifications_once do nothing`.execute(tx),
  );
  const known = await house.ctx.db.tenant(ledger.org, (tx) =>
    beginPlan(tx, ledger.org, 'alert', [{ id, subjectId: alertId }]),
  );
  expect([...known]).toEqual([id]);
  const listed = await house.call('GET', `/api/v1/default/notifications?alert=${alertId}`);
  expect(listed.body.data).toMatchObject([{ topic: 'alert', alert_title: 'Bay 1 PC is offline' }]);
});
