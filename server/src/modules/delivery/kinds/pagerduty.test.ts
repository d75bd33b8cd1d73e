import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import type { MessageEvent } from '../topics/event.ts';
import { composeTest } from '../topics/test-message.ts';
import { pagerduty } from './pagerduty.ts';

const routingKey = '0123456789abcdef0123456789abcdef';
const dedupKey = `watchkeeper/northern-golf/alert/${sampleFacts().alert_id}`;
const accepted = JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: dedupKey });
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
  receiver.answer = { status: 202, body: accepted };
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof pagerduty.send>[1], timeoutMs = 5_000) {
  await using deps = testDeps({ timeoutMs });
  const outcome = await pagerduty.send({ routing_key: routingKey, url: receiver.url }, message, deps);
  return { outcome, bodies: receiver.received.map(({ body }) => JSON.parse(body)) };
}

/** An opening, with something else about it. */
function messageWith(event: Partial<MessageEvent>) {
  const message = sampleMessage([sampleFacts()]);
  if (message.event === undefined) throw new Error('A message about one alert has an event.');
  return { ...message, event: { ...message.event, ...event } };
}

it('opens an incident with what, where, since when and why', async () => {
  const { outcome, bodies } = await send(sampleMessage([sampleFacts()]));
  expect(outcome).toMatchObject({ outcome: 'sent', status: 202 });
  const url = `${publicUrl}/alerts/${sampleFacts().alert_id}`;
  expect(bodies).toEqual([
    {
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: dedupKey,
      client: 'Watchkeeper',
      client_url: url,
      links: [{ href: url, text: 'Open the alert' }],
      payload: {
        summary: 'Bay 3 PC is offline',
        source: 'bay-3-pc',
        severity: 'error',
        timestamp: '2026-11-20T09:15:00.000Z',
        component: 'Bay 3',
        group: 'dartmouth',
        class: 'device_offline',
        custom_details: {
          organization: 'Northern Golf',
          text: expect.stringContaining('No heartbeat for 2 min 5 s'),
        },
      },
    },
  ]);
});

it('resolves the incident that it opened', async () => {
  const { bodies } = await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(bodies).toEqual([{ routing_key: routingKey, event_action: 'resolve', dedup_key: dedupKey }]);
});

it('acknowledges it', async () => {
  const { bodies } = await send(messageWith({ kind: 'acknowledged' }));
  expect(bodies).toEqual([{ routing_key: routingKey, event_action: 'acknowledge', dedup_key: dedupKey }]);
});

it('says a change of priority as the severity of the same incident', async () => {
  const { bodies } = await send(messageWith({ kind: 'changed', priority: 'P1' }));
  expect(bodies[0]).toMatchObject({
    event_action: 'trigger',
    dedup_key: dedupKey,
    payload: { severity: 'critical', custom_details: { priority: 'P1' } },
  });
});

it('leaves nothing open after a test', async () => {
  const test = composeTest({
    id: '01980000-0000-7000-8000-000000000e55',
    createdAt: new Date('2026-11-20T09:15:01Z'),
    organization: { slug: 'northern-golf', name: 'Northern Golf' },
    recipient: 'x',
    publicUrl,
    channelName: 'Night',
    by: 'Ada',
  });
  const { outcome, bodies } = await send(test);
  expect(outcome.outcome).toBe('sent');
  const key = `watchkeeper/northern-golf/message/${test.id}`;
  expect(bodies).toMatchObject([
    { event_action: 'trigger', dedup_key: key, payload: { severity: 'info' } },
    { event_action: 'resolve', dedup_key: key },
  ]);
});

it("cuts texts to PagerDuty's limits", async () => {
  const { bodies } = await send({
    ...sampleMessage([sampleFacts()]),
    title: 't'.repeat(5_000),
    lines: Array.from({ length: 500 }, () => 'w'.repeat(5_000)),
  });
  expect(bodies[0].payload.summary.length).toBe(1_024);
  expect(bodies[0].payload.custom_details.text.length).toBeLessThanOrEqual(10_000);
});

describe("PagerDuty's refusals", () => {
  it('400 is final, with its words', async () => {
    const body = {
      status: 'invalid event',
      message: 'Event object is invalid',
      errors: ["'routing_key' is invalid"],
    };
    receiver.answer = { status: 400, body: JSON.stringify(body) };
    const { outcome } = await send(sampleMessage([sampleFacts()]));
    expect(outcome).toMatchObject({
      outcome: 'permanent',
      reason: "PagerDuty refused the event: 'routing_key' is invalid",
    });
  });

  it('429 waits as long as it asks, and the second attempt has the same key', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '30' } };
    const message = sampleMessage([sampleFacts()]);
    expect((await send(message)).outcome).toMatchObject({ outcome: 'retry', retryAfterSeconds: 30 });
    receiver.answer = { status: 202, body: accepted };
    const { outcome, bodies } = await send(message);
    expect(outcome.outcome).toBe('sent');
    expect(bodies[1]).toEqual(bodies[0]);
  });

  it.each([500, 503])('%i is tried again', async (status) => {
    receiver.answer = { status };
    expect((await send(sampleMessage([sampleFacts()]))).outcome).toMatchObject({ outcome: 'retry', status });
  });

  it('no answer may mean that it arrived, and the reason has no key in it', async () => {
    receiver.answer = null;
    const { outcome } = await send(sampleMessage([sampleFacts()]), 100);
    expect(outcome).toMatchObject({ outcome: 'retry', maybeDelivered: true });
    expect(JSON.stringify(outcome)).not.toContain(routingKey);
  });
});
