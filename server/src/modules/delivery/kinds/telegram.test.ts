import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvedFacts, sampleFacts, sampleMessage } from '../../notifications/alerts/messages.fixture.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { publicUrl, testDeps } from '../senders/senders.fixture.ts';
import { telegram } from './telegram.ts';

const token = '123456789:AAFixtureFixtureFixtureFixtureFixture';
const chat = '-1001234567890';
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
  receiver.answer = { status: 200, body: JSON.stringify({ ok: true, result: { message_id: 77 } }) };
});
afterEach(() => receiver[Symbol.asyncDispose]());

async function send(message: Parameters<typeof telegram.send>[1], timeoutMs = 5_000) {
  await using deps = testDeps({ timeoutMs });
  const config = { bot_token: token, chat_ids: [chat], api_url: new URL(receiver.url).origin };
  const outcome = await telegram.send(config, message, deps);
  return { outcome, body: JSON.parse(receiver.received.at(-1)?.body ?? 'null') };
}

const opening = (over = {}) => sampleMessage([sampleFacts(over)], { recipient: chat });

function refuse(status: number, description: string, parameters = {}) {
  const body = JSON.stringify({ ok: false, error_code: status, description, parameters });
  receiver.answer = { status, body };
}

it('writes HTML with a link, and no preview of it', async () => {
  const { outcome, body } = await send(opening());
  expect(outcome).toMatchObject({ outcome: 'sent', status: 200 });
  expect(receiver.received[0]?.path).toBe(`/bot${token}/sendMessage`);
  expect(body).toEqual({
    chat_id: chat,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    text: [
      '<b>Bay 3 PC is offline</b>',
      '<b>Where:</b> Dartmouth, Bay 3, Bay 3 PC',
      '<b>Since:</b> 20 Nov, 05:15:00 GMT-4',
      '<b>Why:</b> No heartbeat for 2 min 5 s; the limit is 2 min.',
      '<b>Severity:</b> high',
      `<a href="${publicUrl}/alerts/${sampleFacts().alert_id}">Open the alert</a> · Northern Golf`,
    ].join('\n'),
  });
});

it('has buttons that name the action and the alert in at most 64 bytes', async () => {
  const { body } = await send(sampleMessage([sampleFacts()], { buttons: true }));
  const id = sampleFacts().alert_id;
  expect(body.reply_markup.inline_keyboard).toEqual([
    [
      { text: 'Acknowledge', callback_data: `wk:acknowledge:alert:${id}` },
      { text: 'Resolve', callback_data: `wk:resolve:alert:${id}` },
    ],
  ]);
});

it('says how long it lasted when it is over', async () => {
  const { body } = await send(sampleMessage([resolvedFacts()], { tone: 'resolved' }));
  expect(body.text).toContain('<b>Lasted:</b> 5 minutes 30 seconds');
});

it('lets no name link or mention anybody', async () => {
  const { body } = await send(opening({ title: '<a href="tg://user?id=1">x</a>', why: '<b>& bold' }));
  expect(body.text).toContain('<b>&lt;a href=&quot;tg://user?id=1&quot;&gt;x&lt;/a&gt;</b>');
  expect(body.text).toContain('<b>Why:</b> &lt;b&gt;&amp; bold');
});

it("stays within Telegram's limit of what people see, whatever the words are", async () => {
  const words = fc.string({ maxLength: 9_000, unit: fc.constantFrom('a', '&', '<', '\n', 'é', '👩‍🌾', ' ') });
  await fc.assert(
    fc.asyncProperty(words, words, fc.integer({ min: 1, max: 30 }), async (title, why, count) => {
      const items = Array.from({ length: count }, () => sampleFacts({ title, why }));
      const { body } = await send(sampleMessage(items));
      const seen = body.text.replace(/<\/?[ab][^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, '.');
      expect(seen.length).toBeLessThanOrEqual(4_096);
      expect(seen).not.toMatch(/[<>&]/);
    }),
    { numRuns: 30 },
  );
});

it('follows a group that became a supergroup, and says so', async () => {
  refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -100999 });
  const sent = JSON.stringify({ ok: true, result: { message_id: 78 } });
  receiver.answers = [receiver.answer, { status: 200, body: sent }];
  const { outcome, body } = await send(opening());
  expect(outcome).toMatchObject({ outcome: 'sent', detail: expect.stringContaining('-100999') });
  expect(body.chat_id).toBe('-100999');
  expect(receiver.received.length).toBe(2);
});

describe("Telegram's refusals", () => {
  it.each([
    [401, 'Unauthorized', 'Telegram does not accept the bot token.'],
    [404, 'Not Found', 'Telegram does not know this bot.'],
    [400, 'Bad Request: chat not found', 'Telegram does not know this chat.'],
    [403, 'Forbidden: bot was blocked by the user', 'The person has blocked the bot in Telegram.'],
    [400, 'Bad Request: something new', 'The receiver refused the message (400).'],
  ])('%i %s is final, with a reason', async (status, description, reason) => {
    refuse(status, description);
    const { outcome } = await send(opening());
    expect(outcome).toMatchObject({ outcome: 'permanent', status, reason: expect.stringContaining(reason) });
  });

  it('429 waits as long as the answer says', async () => {
    refuse(429, 'Too Many Requests: retry after 14', { retry_after: 14 });
    expect((await send(opening())).outcome).toMatchObject({ outcome: 'retry', retryAfterSeconds: 14 });
  });

  it('200 that says no is a refusal', async () => {
    receiver.answer = { status: 200, body: JSON.stringify({ ok: false, description: 'Bad Request: odd' }) };
    expect((await send(opening())).outcome).toMatchObject({
      outcome: 'permanent',
      detail: 'Bad Request: odd',
    });
  });

  it('200 of something else than Telegram is tried again', async () => {
    receiver.answer = { status: 200, body: '<html>Welcome</html>' };
    expect((await send(opening())).outcome).toMatchObject({ outcome: 'retry', maybeDelivered: true });
  });

  it('500 is tried again', async () => {
    refuse(500, 'Internal Server Error');
    expect((await send(opening())).outcome).toMatchObject({ outcome: 'retry', status: 500 });
  });

  it('no answer may mean that it arrived; no token stands in the reason', async () => {
    receiver.answer = null;
    const { outcome } = await send(opening(), 100);
    expect(outcome).toMatchObject({ outcome: 'retry', maybeDelivered: true });
    expect(JSON.stringify(outcome)).not.toContain(token);
  });
});
