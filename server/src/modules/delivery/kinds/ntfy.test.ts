import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { ntfy } from './ntfy.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof ntfy.send>[1], token?: string) {
  await using deps = testDeps();
  const config = {
    server_url: receiver.url,
    topic: 'watch-Qz7r',
    ...(token === undefined ? {} : { access_token: token }),
  };
  const outcome = await ntfy.send(config, message, deps);
  const request = receiver.received.at(-1);
  return { outcome, request, body: JSON.parse(request?.body ?? 'null') };
}

it('publishes to the topic, as urgent as the alert is, with a link on a touch', async () => {
  const { outcome, request, body } = await send(sampleMessage([sampleFacts()]), 'tk_secret-token');
  expect(outcome).toMatchObject({ outcome: 'sent' });
  expect(request?.headers.authorization).toBe('Bearer tk_secret-token');
  expect(body).toEqual({
    topic: 'watch-Qz7r',
    title: 'Bay 3 PC is offline',
    message: expect.stringContaining('Why: No heartbeat for 2 min 5 s; the limit is 2 min.'),
    click: `${publicUrl}/alerts/${sampleFacts().alert_id}`,
    priority: 4,
    tags: ['warning'],
  });
});

it.each([
  ['critical', 5],
  ['high', 4],
  ['medium', 3],
  ['low', 2],
] as const)('%s has the priority %i', async (severity, priority) => {
  expect((await send(sampleMessage([sampleFacts({ severity })]))).body.priority).toBe(priority);
});

it('says an end without an alarm, and sends no header without a token', async () => {
  const { body, request } = await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(body).toMatchObject({ priority: 3, tags: ['white_check_mark'] });
  expect(request?.headers.authorization).toBeUndefined();
});

it('stays below the bytes from which ntfy makes an attachment, whatever the script', async () => {
  const lines = Array.from({ length: 50 }, () => '故障'.repeat(100));
  const { body } = await send({ ...sampleMessage([sampleFacts()]), lines });
  expect(Buffer.byteLength(body.message)).toBeLessThanOrEqual(4_000);
  expect(body.message.length).toBeGreaterThan(500);
});

it('names the server in the ledger, never the topic', () => {
  const [recipient] = ntfy.recipients({ server_url: 'https://ntfy.sh', topic: 'watch-Qz7r' });
  expect(recipient?.label).toBe('ntfy.sh');
});
