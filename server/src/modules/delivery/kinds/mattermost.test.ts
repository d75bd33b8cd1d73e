import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { mattermost } from './mattermost.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof mattermost.send>[1]) {
  await using deps = testDeps();
  const outcome = await mattermost.send({ webhook_url: receiver.url }, message, deps);
  return { outcome, body: JSON.parse(receiver.received.at(-1)?.body ?? 'null') };
}

it('posts the title as text and the facts as an attachment with a color', async () => {
  const { outcome, body } = await send(sampleMessage([sampleFacts()]));
  expect(outcome).toMatchObject({ outcome: 'sent' });
  expect(body).toEqual({
    text: '**Bay 3 PC is offline**',
    attachments: [
      {
        fallback: 'Bay 3 PC is offline',
        color: '#e65100',
        text: [
          '**Where:** Dartmouth, Bay 3, Bay 3 PC',
          '**Since:** 20 Nov, 05:15:00 GMT-4',
          '**Why:** No heartbeat for 2 min 5 s; the limit is 2 min.',
          '**Severity:** high',
          `[Open the alert](${publicUrl}/alerts/${sampleFacts().alert_id}) · Northern Golf`,
        ].join('\n'),
      },
    ],
  });
});

it('calls nobody, whatever the names are', async () => {
  const { body } = await send(sampleMessage([sampleFacts({ title: '@all @channel', why: '@here' })]));
  expect(JSON.stringify(body)).not.toMatch(/@(all|channel|here)/);
});

it.each([
  [400, { message: 'Unable to parse incoming data', status_code: 400 }, 'Unable to parse incoming data'],
  [400, { success: false, error: 'Invalid integration id or token provided.' }, 'Invalid integration id'],
  [200, { success: false, error: 'channel gone' }, 'channel gone'],
])('%i %j is final, in its words', async (status, answer, words) => {
  receiver.answer = { status, body: JSON.stringify(answer) };
  expect((await send(sampleMessage([sampleFacts()]))).outcome).toMatchObject({
    outcome: 'permanent',
    reason: expect.stringContaining(words),
  });
});

it('takes what both chats say when it worked', async () => {
  for (const body of ['ok', '{"success":true}']) {
    receiver.answer = { status: 200, body };
    expect((await send(sampleMessage([sampleFacts()]))).outcome.outcome).toBe('sent');
  }
});
