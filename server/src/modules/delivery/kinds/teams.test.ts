import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { teams } from './teams.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof teams.send>[1]) {
  await using deps = testDeps();
  const outcome = await teams.send({ webhook_url: receiver.url }, message, deps);
  return { outcome, body: JSON.parse(receiver.received.at(-1)?.body ?? 'null') };
}

it('posts an adaptive card with the facts and one link', async () => {
  receiver.answer = { status: 202 };
  const { outcome, body } = await send(sampleMessage([sampleFacts()]));
  expect(outcome).toEqual({ outcome: 'sent', status: 202, detail: 'HTTP 202' });
  expect(body).toMatchObject({ type: 'message', attachments: [{ contentUrl: null }] });
  const { contentType, content } = body.attachments[0];
  expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(content).toMatchObject({
    type: 'AdaptiveCard',
    version: '1.4',
    actions: [
      {
        type: 'Action.OpenUrl',
        title: 'Open the alert',
        url: `${publicUrl}/alerts/${sampleFacts().alert_id}`,
      },
    ],
  });
  const texts = content.body.map((block: { inlines: { text: string }[] }) =>
    block.inlines.map(({ text }) => text).join(''),
  );
  expect(texts).toEqual([
    'Bay 3 PC is offline',
    'Where: Dartmouth, Bay 3, Bay 3 PC',
    'Since: 20 Nov, 05:15:00 GMT-4',
    'Why: No heartbeat for 2 min 5 s; the limit is 2 min.',
    'Severity: high',
    'Northern Golf',
  ]);
});

it('lets no name format or link: all texts are plain runs', async () => {
  const { body } = await send(
    sampleMessage([sampleFacts({ title: '[x](https://evil.test)', why: '**b**' })]),
  );
  const { content } = body.attachments[0];
  for (const block of content.body) {
    expect(block.type).toBe('RichTextBlock');
    for (const run of block.inlines) expect(run.type).toBe('TextRun');
  }
});

it.each([
  [
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x',
    'permanent',
  ],
  [
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x',
    'retry',
  ],
  [
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 502 with ContextId x',
    'retry',
  ],
  ['{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The workflow is off."}}', 'retry'],
  ['1', 'sent'],
])('reads what 200 means: %s', async (text, expected) => {
  receiver.answer = { status: 200, body: text };
  expect((await send(sampleMessage([sampleFacts()]))).outcome.outcome).toBe(expected);
});
