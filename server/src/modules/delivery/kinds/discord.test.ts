import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { discord } from './discord.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof discord.send>[1], query = '') {
  await using deps = testDeps();
  const outcome = await discord.send({ webhook_url: `${receiver.url}${query}` }, message, deps);
  return { outcome, body: JSON.parse(receiver.received.at(-1)?.body ?? 'null') };
}

it('posts one embed, mentions nobody, and asks what became of it', async () => {
  receiver.answer = { status: 200, body: JSON.stringify({ id: '1234567890', content: '' }) };
  const { outcome, body } = await send(sampleMessage([sampleFacts()]), '?thread_id=42');
  expect(outcome).toEqual({ outcome: 'sent', status: 200, detail: 'HTTP 200' });
  expect(receiver.received[0]?.path).toBe('/hook?thread_id=42&wait=true');
  expect(body).toEqual({
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: 'Bay 3 PC is offline',
        description: [
          '**Where:** Dartmouth, Bay 3, Bay 3 PC',
          '**Since:** 20 Nov, 05:15:00 GMT-4',
          '**Why:** No heartbeat for 2 min 5 s; the limit is 2 min.',
          '**Severity:** high',
        ].join('\n'),
        url: `${publicUrl}/alerts/${sampleFacts().alert_id}`,
        color: 0xe65100,
        timestamp: '2026-11-20T09:15:01.000Z',
        footer: { text: 'Northern Golf' },
      },
    ],
  });
});

it('is green when it is over', async () => {
  const { body } = await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(body.embeds[0]).toMatchObject({ title: 'Resolved: Bay 3 PC is offline', color: 0x2e7d32 });
});

it('lets no name format, link or mention', async () => {
  const { body } = await send(
    sampleMessage([sampleFacts({ title: '@everyone [x](https://evil.test)', why: '**<@1>**' })]),
  );
  expect(body.embeds[0].title).toBe('@\u200beveryone \\[x\\](https://evil.test)');
  expect(body.embeds[0].description).toContain('**Why:** \\*\\*\\<@\u200b1\\>\\*\\*');
});

it("stays within Discord's limits", async () => {
  const { body } = await send({
    ...sampleMessage([sampleFacts()]),
    title: '_'.repeat(3_000),
    lines: Array.from({ length: 100 }, () => '*'.repeat(3_000)),
  });
  const [{ title, description, footer }] = body.embeds;
  expect(title.length).toBeLessThanOrEqual(256);
  expect(description.length).toBeLessThanOrEqual(4_096);
  expect(title.length + description.length + footer.text.length).toBeLessThanOrEqual(6_000);
});

describe("Discord's refusals", () => {
  it('404 of a webhook that is gone is final, with a reason', async () => {
    receiver.answer = { status: 404, body: JSON.stringify({ message: 'Unknown Webhook', code: 10015 }) };
    expect((await send(sampleMessage([sampleFacts()]))).outcome).toMatchObject({
      outcome: 'permanent',
      reason: 'Discord no longer knows this webhook. Create a new one and enter its URL.',
    });
  });

  it('429 waits for the fraction of a second that the body says', async () => {
    const body = JSON.stringify({ message: 'You are being rate limited.', retry_after: 0.65, global: false });
    receiver.answer = { status: 429, body, headers: { 'retry-after': '1' } };
    expect((await send(sampleMessage([sampleFacts()]))).outcome).toMatchObject({
      outcome: 'retry',
      retryAfterSeconds: 0.65,
    });
  });
});
