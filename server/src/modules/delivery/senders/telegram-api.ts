import Type, { type Static } from 'typebox';
import type { Outcome, SendDeps } from '../outcome.ts';
import { boundRetryAfter, exchange } from './http-outcome.ts';
import { jsonPost, readJson } from './json.ts';

/** Of every answer of the Bot API, the fields that we read. Source: core.telegram.org/bots/api, "Making requests". */
const Answer = Type.Object({
  ok: Type.Boolean(),
  description: Type.Optional(Type.String()),
  parameters: Type.Optional(
    Type.Object({
      retry_after: Type.Optional(Type.Number()),
      migrate_to_chat_id: Type.Optional(Type.Number()),
    }),
  ),
  result: Type.Optional(Type.Unknown()),
});
type Answer = Static<typeof Answer>;

const SentMessage = Type.Object({ message_id: Type.Integer() });

/** How a bot is reached. */
export interface Bot {
  /** Such as `https://api.telegram.org`. */
  readonly api_url: string;
  readonly bot_token: string;
}

export interface TelegramResult {
  readonly outcome: Outcome;
  /** Of a message that was sent. */
  readonly messageId?: number;
  /** The group became a supergroup: its messages go to this chat. */
  readonly migratedTo?: string;
  /** Telegram's own words about an error. */
  readonly description?: string;
}

/** Telegram's answers that no retry corrects, in words for the operator. They are matched by how they begin. */
const knownErrors: readonly (readonly [begins: string, words: string])[] = [
  ['Unauthorized', 'Telegram does not accept the bot token. Enter the token that BotFather shows.'],
  ['Not Found', 'Telegram does not know this bot. Enter the token that BotFather shows.'],
  ['Bad Request: chat not found', 'Telegram does not know this chat. Add the bot to it, or correct its id.'],
  ['Forbidden: bot was blocked', 'The person has blocked the bot in Telegram.'],
  ['Forbidden: bot was kicked', 'The bot was removed from the chat. Add it again.'],
  ['Forbidden: bot is not a member', 'The bot is not in the chat. Add it again.'],
  [
    'Forbidden: bot can',
    'Telegram lets a bot write only to people who wrote to it first. Send it a message.',
  ],
  ['Forbidden: user is deactivated', 'The Telegram account no longer exists.'],
];

/** One call of a method of the Bot API. The token is in the path, so the URL must never be logged. */
export async function callTelegram(
  { api_url, bot_token }: Bot,
  method: string,
  body: object,
  deps: SendDeps,
): Promise<TelegramResult> {
  const url = `${api_url.replace(/\/+$/, '')}/bot${bot_token}/${method}`;
  const { outcome, answer } = await exchange(jsonPost(url, body), deps);
  if (answer === '') return { outcome };
  const read = readJson(Answer, answer);
  if (read === undefined) return { outcome: outcome.outcome === 'sent' ? notTelegram(outcome) : outcome };
  return judge(outcome, read);
}

/** A proxy, or another server at this address. */
function notTelegram({ detail, status }: Outcome): Outcome {
  const said = { ...(detail === undefined ? {} : { detail }), ...(status === undefined ? {} : { status }) };
  return {
    outcome: 'retry',
    reason: 'The answer is not one of Telegram.',
    maybeDelivered: true,
    ...said,
  };
}

function judge(outcome: Outcome, { ok, description = '', parameters = {}, result }: Answer): TelegramResult {
  if (outcome.outcome === 'sent' && ok) {
    const sent = readJson(SentMessage, JSON.stringify(result ?? null));
    const { status } = outcome;
    return {
      outcome: { outcome: 'sent', ...(status === undefined ? {} : { status }), detail: 'Telegram took it.' },
      ...(sent === undefined ? {} : { messageId: sent.message_id }),
    };
  }
  const { retry_after: wait, migrate_to_chat_id: chat } = parameters;
  const migrated = chat === undefined ? {} : { migratedTo: String(chat) };
  const said = { description, ...migrated };
  if (outcome.outcome === 'sent')
    return {
      outcome: { outcome: 'permanent', reason: 'Telegram refused the message.', detail: description },
      ...said,
    };
  if (outcome.outcome === 'retry' && wait !== undefined)
    return { outcome: { ...outcome, retryAfterSeconds: boundRetryAfter(wait) }, ...said };
  const words = knownErrors.find(([begins]) => description.startsWith(begins))?.[1];
  return { outcome: words === undefined ? outcome : { ...outcome, reason: words }, ...said };
}
