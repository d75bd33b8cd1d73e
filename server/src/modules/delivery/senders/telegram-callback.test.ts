import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboundRequest, Said } from '../inbound/inbound.ts';
import { type Receiver, startReceiver } from '../receiver.fixture.ts';
import { testDeps } from './senders.fixture.ts';
import { keyboardOf, readTelegramCallback, verifyTelegram } from './telegram-callback.ts';

const secret = 'loopback-secret-of-the-webhook';
const subjectId = '01980000-0000-7000-8000-00000000a1e7';
const token = '123456789:AAFixtureFixtureFixtureFixtureFixture';
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
  receiver.answer = { status: 200, body: JSON.stringify({ ok: true, result: true }) };
});
afterEach(() => receiver[Symbol.asyncDispose]());

const bot = () => ({ bot_token: token, api_url: new URL(receiver.url).origin });

/** What Telegram sends when somebody presses the first button of our message. */
function press(
  over: { updateId?: number; data?: string; text?: string; secret?: string } = {},
): InboundRequest {
  const [row = []] = keyboardOf([
    { action: 'acknowledge', label: 'Acknowledge', topic: 'alert', subjectId },
    { action: 'resolve', label: 'Resolve', topic: 'alert', subjectId },
  ]);
  const update = {
    update_id: over.updateId ?? 10_000,
    callback_query: {
      id: '4382bfdwdsb323b2d9',
      from: { id: 1111111, is_bot: false, first_name: 'Ada', username: 'ada' },
      message: {
        message_id: 77,
        chat: { id: -1001234567890, type: 'supergroup' },
        date: 1795166100,
        text: over.text ?? 'Bay 3 PC is offline\nSeverity: high',
        entities: [{ offset: 0, length: 19, type: 'bold' }],
        reply_markup: { inline_keyboard: [row] },
      },
      data: over.data ?? row[0]?.callback_data,
    },
  };
  const headers = { 'x-telegram-bot-api-secret-token': over.secret ?? secret };
  return { headers, body: Buffer.from(JSON.stringify(update)) };
}

describe('who sent it', () => {
  it('is Telegram when the secret of the webhook is in the header', () => {
    expect(verifyTelegram(secret, press())).toEqual({ genuine: true, mark: 'update 10000' });
  });

  it('is known again when it is sent twice, and differs from the next press', () => {
    const [first, again, next] = [press(), press(), press({ updateId: 10_001 })].map((request) =>
      verifyTelegram(secret, request),
    );
    expect(again).toEqual(first);
    expect(next).not.toEqual(first);
  });

  it.each([
    ['another secret', press({ secret: 'loopback-secret-of-the-webhooK' })],
    ['a shorter secret', press({ secret: 'loopback' })],
    ['no header', { ...press(), headers: {} }],
    [
      'the header twice',
      { ...press(), headers: { 'x-telegram-bot-api-secret-token': `${secret}, ${secret}` } },
    ],
    ['no update', { ...press(), body: Buffer.from('{}') }],
  ])('is not Telegram with %s', (_name, request) => {
    expect(verifyTelegram(secret, request).genuine).toBe(false);
  });

  it('is nobody when the channel has no secret', () => {
    expect(verifyTelegram(undefined, press()).genuine).toBe(false);
  });
});

describe('what they ask for', () => {
  it('is the action of the button on its subject', () => {
    expect(readTelegramCallback(press(), bot())).toMatchObject({
      action: 'acknowledge',
      topic: 'alert',
      subjectId,
      actor: { id: '1111111', name: 'ada' },
    });
  });

  it.each(['other:data', `wk:Drop Table:alert:${subjectId}`, 'wk:acknowledge:alert:1'])(
    'is nothing with the data %s',
    (data) => expect(readTelegramCallback(press({ data }), bot())).toBeUndefined(),
  );
});

describe('the answer', () => {
  const done: Said = { outcome: 'done', words: 'Acknowledged by ada.', left: ['resolve'] };

  async function answer(said: Said, text?: string) {
    await using deps = testDeps();
    const callback = readTelegramCallback(press(text === undefined ? {} : { text }), bot());
    const outcome = await callback?.reply(said, deps);
    const calls = receiver.received.map(({ path, body }) => [path.split('/').at(-1), JSON.parse(body)]);
    return { outcome, calls };
  }

  it('stands in the message, for everybody, with the buttons that still make sense', async () => {
    const { outcome, calls } = await answer(done);
    expect(outcome).toMatchObject({ outcome: 'sent' });
    expect(calls).toEqual([
      [
        'answerCallbackQuery',
        { callback_query_id: '4382bfdwdsb323b2d9', text: 'Acknowledged by ada.', show_alert: false },
      ],
      [
        'editMessageText',
        {
          chat_id: -1001234567890,
          message_id: 77,
          text: 'Bay 3 PC is offline\nSeverity: high\n\n✓ Acknowledged by ada.',
          entities: [{ offset: 0, length: 19, type: 'bold' }],
          reply_markup: {
            inline_keyboard: [[{ text: 'Resolve', callback_data: `wk:resolve:alert:${subjectId}` }]],
          },
        },
      ],
    ]);
  });

  it('replaces the one before', async () => {
    const { calls } = await answer(done, 'Bay 3 PC is offline\n\n✓ Acknowledged by bob.');
    expect(calls[1]?.[1].text).toBe('Bay 3 PC is offline\n\n✓ Acknowledged by ada.');
  });

  it('is for the person alone when it is a refusal', async () => {
    const words = 'It was resolved before.';
    const { calls } = await answer({ outcome: 'refused', words, left: [] });
    expect(calls).toEqual([
      ['answerCallbackQuery', { callback_query_id: '4382bfdwdsb323b2d9', text: words, show_alert: true }],
    ]);
  });
});
