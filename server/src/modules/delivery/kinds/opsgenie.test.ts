import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { opsgenie } from './opsgenie.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

const alias = `watchkeeper/northern-golf/alert/${sampleFacts().alert_id}`;
const accepted = JSON.stringify({ result: 'Request will be processed', took: 0.3, requestId: 'r1' });

async function send(message = sampleMessage([sampleFacts()])) {
  receiver.answer = { status: 202, body: accepted };
  await using deps = testDeps();
  const config = { api_key: 'loopback-key', url: `${new URL(receiver.url).origin}/v2/alerts` };
  const outcome = await opsgenie.send(config, message, deps);
  return { outcome, requests: receiver.received.map((one) => ({ ...one, body: JSON.parse(one.body) })) };
}

function messageWith(kind: 'acknowledged' | 'changed') {
  const message = sampleMessage([sampleFacts()]);
  if (message.event === undefined) throw new Error('A message about one alert has an event.');
  return { ...message, event: { ...message.event, kind, priority: 'P1' as const } };
}

it('opens an alert with our alias', async () => {
  const { outcome, requests } = await send();
  expect(outcome).toMatchObject({ outcome: 'sent', status: 202 });
  expect(requests).toMatchObject([
    {
      path: '/v2/alerts',
      headers: { authorization: 'GenieKey loopback-key' },
      body: {
        message: 'Bay 3 PC is offline',
        alias,
        description: expect.stringContaining(`${publicUrl}/alerts/`),
        entity: 'bay-3-pc',
        source: 'Watchkeeper',
        tags: ['device_offline', 'dartmouth', 'Bay 3', 'bay-3-pc'],
        priority: 'P2',
      },
    },
  ]);
});

it('acknowledges and closes it by the alias', async () => {
  const path = `/v2/alerts/${encodeURIComponent(alias)}`;
  await send(messageWith('acknowledged'));
  await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(receiver.received.map((one) => one.path)).toEqual([
    `${path}/acknowledge?identifierType=alias`,
    `${path}/close?identifierType=alias`,
  ]);
});

it('changes the priority of the alert that is there', async () => {
  const { requests } = await send(messageWith('changed'));
  expect(requests).toMatchObject([
    { path: '/v2/alerts', body: { alias, priority: 'P1' } },
    { path: expect.stringMatching(/\/priority\?identifierType=alias$/), body: { priority: 'P1' } },
  ]);
});

it("cuts texts to Opsgenie's limits", async () => {
  const message = { ...sampleMessage([sampleFacts()]), title: 't'.repeat(500), lines: ['w'.repeat(20_000)] };
  const [first] = (await send(message)).requests;
  expect(first?.body.message.length).toBe(130);
  expect(first?.body.description.length).toBeLessThan(15_000);
});
