import Type, { type Static } from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome, SendDeps } from '../outcome.ts';
import { callTelegram } from '../senders/telegram-api.ts';
import { keyboardOf, readTelegramCallback, verifyTelegram } from '../senders/telegram-callback.ts';
import { telegramText } from '../senders/telegram-text.ts';
import type { Message } from '../topics/message.ts';

const chatsMax = 20;

const schema = Type.Object(
  {
    bot_token: Type.String({
      title: 'Bot token',
      description: 'From BotFather in Telegram, when you make a bot. It is kept as a secret.',
      pattern: '^\\d{5,15}:[A-Za-z0-9_-]{20,100}$',
      patternHelp: 'Copy the whole token: digits, a colon, and letters.',
    }),
    chat_ids: Type.Array(
      Type.String({
        pattern: '^(-?\\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,63})$',
        patternHelp: 'Write the number of the chat, such as -1001234567890, or the @name of a channel.',
        examples: ['-1001234567890', '@our_channel'],
      }),
      {
        title: 'Chats',
        description: `The groups, channels or people to write to, at most ${chatsMax}. Add the bot to a group first; a person must have written to it once.`,
        minItems: 1,
        maxItems: chatsMax,
      },
    ),
    webhook_secret: Type.Optional(
      Type.String({
        title: 'Secret for buttons',
        description:
          'Optional. Any 16 or more letters and digits. With it, messages carry buttons to acknowledge and resolve, and everybody in the chat may press them. Send a test afterwards: it tells Telegram where to report a pressed button. A bot reports to one address only, so give the secret to one channel for each bot.',
        pattern: '^[A-Za-z0-9_-]{16,256}$',
        patternHelp: 'Write 16 to 256 letters, digits, underscores or dashes.',
      }),
    ),
    api_url: Type.String({
      title: 'Address of the Bot API',
      description: 'Change it only if you run a Bot API server of your own.',
      format: 'uri',
      pattern: '^https?://',
      patternHelp: 'Begin with https://.',
      default: 'https://api.telegram.org',
      maxLength: 500,
      advanced: true,
    }),
  },
  { additionalProperties: false },
);
type TelegramConfig = Static<typeof schema>;

export const telegram = defineChannelKind({
  kind: 'telegram',
  label: 'Telegram',
  help: 'Writes to groups, channels or people in Telegram, through a bot of yours.',
  schema,
  secrets: ['bot_token', 'webhook_secret'],
  urls: ['api_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: true, unsubscribe: false },
  fixture: {
    bot_token: '123456789:AAFixtureFixtureFixtureFixtureFixture',
    chat_ids: ['-1001234567890', '@our_channel'],
    webhook_secret: 'fixture-secret-of-the-webhook',
    api_url: 'https://api.telegram.org',
  },
  recipients: (config) => [...new Set(config.chat_ids)].map((chat) => ({ label: chat, identity: chat })),
  target: (config) => new URL(config.api_url).host,
  inbound: {
    accepts: (config) => config.webhook_secret !== undefined,
    verify: (config, request) => verifyTelegram(config.webhook_secret, request),
    read: readTelegramCallback,
    async register(config, callbackUrl, deps) {
      const body = {
        url: callbackUrl,
        secret_token: config.webhook_secret,
        allowed_updates: ['callback_query'],
      };
      return (await callTelegram(config, 'setWebhook', body, deps)).outcome;
    },
  },
  send,
});

async function send(config: TelegramConfig, message: Message, deps: SendDeps): Promise<Outcome> {
  const keyboard = keyboardOf(message.actions);
  const body = {
    text: telegramText(message),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    ...(keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }),
  };
  const chat = message.recipient;
  const first = await callTelegram(config, 'sendMessage', { chat_id: chat, ...body }, deps);
  if (first.migratedTo === undefined) return first.outcome;
  const { outcome } = await callTelegram(config, 'sendMessage', { chat_id: first.migratedTo, ...body }, deps);
  if (outcome.outcome !== 'sent') return outcome;
  const detail = `The group became a supergroup: enter its new number, ${first.migratedTo}, in place of ${chat}.`;
  return { ...outcome, detail };
}
