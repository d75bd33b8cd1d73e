import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { isSignedWith, type Receiver, startReceiver } from '../receiver.fixture.ts';
import { channelKinds } from '../registry.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { signWebhook } from '../senders/standard-webhooks.ts';
import { composeTest } from '../topics/test-message.ts';
import { webhook } from './webhook.ts';

const secret = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof webhook.send>[1]) {
  await using deps = testDeps();
  const outcome = await webhook.send({ url: receiver.url, secret }, message, deps);
  const request = receiver.received.at(-1);
  return { outcome, request, body: JSON.parse(request?.body ?? 'null') };
}

it('sends an opening as flat fields in data, with the link to the alert', async () => {
  const { outcome, body } = await send(sampleMessage([sampleFacts()]));
  expect(outcome).toEqual({ outcome: 'sent', status: 200, detail: 'HTTP 200: ok' });
  expect(body).toEqual({
    type: 'alert.opened',
    timestamp: '2026-11-20T09:15:01.000Z',
    data: {
      id: sampleFacts().alert_id,
      event: 'opened',
      status: 'open',
      type: 'device_offline',
      severity: 'high',
      summary: 'Bay 3 PC is offline',
      why: 'No heartbeat for 2 min 5 s; the limit is 2 min.',
      site: { slug: 'dartmouth', name: 'Dartmouth' },
      area: 'Bay 3',
      device: { slug: 'bay-3-pc', name: 'Bay 3 PC' },
      opened_at: '2026-11-20T09:15:00.000Z',
      resolved_at: null,
      resolved_reason: null,
      action_taken: null,
      url: `${publicUrl}/alerts/${sampleFacts().alert_id}`,
      organization: 'northern-golf',
      title: 'Bay 3 PC is offline',
      text: expect.stringContaining('Where: Dartmouth, Bay 3, Bay 3 PC'),
    },
  });
});

it('sends a resolution with its time and its cause', async () => {
  const { body } = await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(body).toMatchObject({
    type: 'alert.resolved',
    data: {
      status: 'resolved',
      resolved_at: '2026-11-20T09:20:30.000Z',
      resolved_reason: 'A heartbeat arrived.',
    },
  });
});

it('sends several alerts in one message that lists each of them', async () => {
  const items = [1, 2, 3, 4].map((n) => sampleFacts({ alert_id: `01980000-0000-7000-8000-00000000000${n}` }));
  const { body } = await send(sampleMessage(items));
  expect(body.type).toBe('alerts.opened');
  expect(body.data.count).toBe(4);
  expect(body.data.alerts.map((alert: { id: string }) => alert.id)).toEqual(
    items.map((item) => item.alert_id),
  );
});

it('stays below the 20 kB of the specification with as many alerts as it takes', async () => {
  const items = Array.from({ length: webhook.capabilities.itemsPerMessageMax }, () =>
    sampleFacts({ why: 'w'.repeat(200) }),
  );
  const { request } = await send(sampleMessage(items));
  expect(Buffer.byteLength(request?.body ?? '')).toBeLessThan(20_000);
});

it('signs the bytes it sends with the id of the message, the same for every attempt', async () => {
  const first = await send(sampleMessage([sampleFacts()]));
  const second = await send(sampleMessage([sampleFacts()]));
  const { headers = {}, body = '' } = first.request ?? {};
  const seconds = Number(headers['webhook-timestamp']);
  expect(headers['webhook-signature']).toBe(
    signWebhook(secret, String(headers['webhook-id']), seconds * 1000, body)['webhook-signature'],
  );
  expect(headers['webhook-id']).toBe(sampleMessage([]).id);
  expect(second.request?.headers['webhook-id']).toBe(headers['webhook-id']);
});

it('marks a test message as a test', async () => {
  const message = composeTest({
    id: 'a',
    createdAt: new Date(0),
    organization: { slug: 'o', name: 'O' },
    recipient: 'x',
    publicUrl,
    channelName: 'Ops',
    by: 'Alice',
  });
  const { body } = await send(message);
  expect(body).toMatchObject({
    type: 'test',
    data: { title: 'Test message of Ops', text: expect.stringContaining('Alice') },
  });
});

it('names only the host in the ledger, because the path may contain a token', () => {
  const [recipient] = webhook.recipients({ url: 'https://hooks.example.com/in/t0ken?key=1', secret });
  expect(recipient?.label).toBe('hooks.example.com');
});

describe('a template of the body', () => {
  async function sendWith(over: object, message = sampleMessage([sampleFacts()])) {
    await using deps = testDeps();
    const config = { url: receiver.url, secret, ...over };
    expect(channelKinds.parse(channelKinds.get('webhook'), config)).toEqual(config);
    const outcome = await webhook.send(config, message, deps);
    return { outcome, request: receiver.received.at(-1) };
  }

  it('makes the JSON of another program, signed like ours, with headers of its own', async () => {
    const { outcome, request } = await sendWith({
      headers: { Authorization: 'Bearer loopback' },
      body_template: '{"text":"{{title}}","severity":"{{event.severity}}","site":"{{event.labels.site}}"}',
    });
    expect(outcome).toMatchObject({ outcome: 'sent' });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      text: 'Bay 3 PC is offline',
      severity: 'high',
      site: 'dartmouth',
    });
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer loopback',
      'content-type': 'application/json',
    });
    expect(isSignedWith(secret, request)).toBe(true);
  });

  it('stays JSON, whatever the names are', async () => {
    const message = sampleMessage([sampleFacts({ title: 'a"b\\c', why: 'd","x":"' })]);
    const { request } = await sendWith({ body_template: '{"text":"{{title}} {{data.why}}"}' }, message);
    expect(JSON.parse(request?.body ?? '')).toEqual({ text: 'a"b\\c d","x":"' });
  });

  it('makes a form', async () => {
    const over = {
      body_template: 'title={{title}}&url={{url}}',
      body_type: 'application/x-www-form-urlencoded',
    };
    const { request } = await sendWith(over);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      title: 'Bay 3 PC is offline',
      url: `${publicUrl}/alerts/${sampleFacts().alert_id}`,
    });
  });

  it('is refused for good when it makes no JSON or too much, and nothing is sent', async () => {
    const many = sampleMessage(Array.from({ length: 25 }, () => sampleFacts()));
    const broken = await sendWith({ body_template: '{"text":{{title}}}' });
    const huge = await sendWith(
      { body_template: `{{#data.alerts}}${'x'.repeat(9_000)}{{/data.alerts}}` },
      many,
    );
    expect(broken.outcome).toEqual({ outcome: 'permanent', reason: 'The template does not make JSON.' });
    expect(huge.outcome).toMatchObject({
      outcome: 'permanent',
      reason: expect.stringContaining('prints more than'),
    });
    expect(receiver.received).toEqual([]);
  });

  it.each([
    [{ body_template: '{{#lines}}' }, 'config.body_template'],
    [{ headers: { 'Webhook-Id': '1' } }, 'config.headers.Webhook-Id'],
    [{ headers: { Host: 'evil.test' } }, 'config.headers.Host'],
    [{ headers: { 'X-A': 'a\r\nb' } }, 'config.headers.X-A'],
    [{ body_type: 'text/plain' }, 'config.body_type'],
  ])('is refused when the channel is saved: %j', (over, field) => {
    const kind = channelKinds.get('webhook');
    expect(() => channelKinds.parse(kind, { url: receiver.url, ...over })).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ field })] }),
    );
  });
});
