import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { escapeMrkdwn } from '../senders/slack-text.ts';
import { slack } from './slack.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof slack.send>[1]) {
  await using deps = testDeps();
  const outcome = await slack.send({ webhook_url: receiver.url }, message, deps);
  return { outcome, body: JSON.parse(receiver.received.at(-1)?.body ?? 'null') };
}

it('posts a header, the facts, one button to the alert, and text for clients without blocks', async () => {
  const { outcome, body } = await send(sampleMessage([sampleFacts()]));
  expect(outcome).toMatchObject({ outcome: 'sent', detail: 'HTTP 200: ok' });
  expect(body).toEqual({
    text: 'Bay 3 PC is offline',
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Bay 3 PC is offline', emoji: false } },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: [
            '*Where:* Dartmouth, Bay 3, Bay 3 PC',
            '*Since:* 20 Nov, 05:15:00 GMT-4',
            '*Why:* No heartbeat for 2 min 5 s; the limit is 2 min.',
            '*Severity:* high',
          ].join('\n'),
        },
      },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            text: { type: 'plain_text', text: 'Open the alert' },
            url: `${publicUrl}/alerts/${sampleFacts().alert_id}`,
          },
        ],
      },
    ],
  });
});

it('has buttons with an action and their alert', async () => {
  const { body } = await send(sampleMessage([sampleFacts()], { buttons: true }));
  const value = `alert:${sampleFacts().alert_id}`;
  const text = (words: string) => ({ type: 'plain_text', text: words });
  expect(body.blocks.at(-1).elements.slice(1)).toEqual([
    { type: 'button', text: text('Acknowledge'), action_id: 'watchkeeper:acknowledge', value },
    { type: 'button', text: text('Resolve'), action_id: 'watchkeeper:resolve', value },
  ]);
});

it('says in a resolution how long the alert lasted', async () => {
  const { body } = await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(body.text).toBe('Resolved: Bay 3 PC is offline');
  expect(body.blocks[1].text.text).toContain('*Lasted:* 5 minutes 30 seconds');
});

it('lets no name mention a channel or forge a link', async () => {
  const { body } = await send(
    sampleMessage([sampleFacts({ title: '<!channel> & <https://evil.test|here>', why: '<!here>' })]),
  );
  expect(body.text).toBe('&lt;!channel&gt; &amp; &lt;https://evil.test|here&gt;');
  expect(JSON.stringify(body.blocks[1])).not.toMatch(/<!|<http/);
});

it("stays within Slack's limits whatever the words are", async () => {
  const words = fc.string({
    minLength: 0,
    maxLength: 8_000,
    unit: fc.constantFrom('a', '&', '<', '\n', 'é', ' '),
  });
  await fc.assert(
    fc.asyncProperty(words, words, fc.integer({ min: 1, max: 30 }), async (title, why, count) => {
      const items = Array.from({ length: count }, () => sampleFacts({ title, why }));
      const { body } = await send(sampleMessage(items));
      const [header, ...rest] = body.blocks;
      expect(header.text.text.length).toBeLessThanOrEqual(150);
      const section = rest.find((block: { type: string }) => block.type === 'section');
      expect(section.text.text.length).toBeLessThanOrEqual(3_000);
      expect(section.text.text.length).toBeGreaterThan(0);
      expect(section.text.text).not.toMatch(/&(?!amp;|lt;|gt;)/);
    }),
    { numRuns: 40 },
  );
});

describe("Slack's plain-text answers", () => {
  it.each([
    [404, 'no_service', 'Slack no longer knows this webhook. Create a new one and enter its URL.'],
    [410, 'channel_is_archived', 'The Slack channel is archived.'],
    [403, 'action_prohibited', 'A Slack administrator has restricted posting to this channel.'],
    [400, 'something_new', 'The receiver refused the message (400).'],
  ])('%i %s is final, with a reason', async (status, text, reason) => {
    receiver.answer = { status, body: text };
    const { outcome } = await send(sampleMessage([sampleFacts()]));
    expect(outcome).toEqual({ outcome: 'permanent', reason, status, detail: `HTTP ${status}: ${text}` });
  });

  it('429 waits as long as Slack asks', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '30' } };
    expect((await send(sampleMessage([sampleFacts()]))).outcome).toMatchObject({
      outcome: 'retry',
      retryAfterSeconds: 30,
    });
  });

  it('500 is tried again', async () => {
    receiver.answer = { status: 500, body: 'rollup_error' };
    expect((await send(sampleMessage([sampleFacts()]))).outcome).toMatchObject({
      outcome: 'retry',
      status: 500,
    });
  });
});

it('escapes the three characters that Slack interprets', () => {
  expect(escapeMrkdwn('a & b < c > d &amp;')).toBe('a &amp; b &lt; c &gt; d &amp;amp;');
});
