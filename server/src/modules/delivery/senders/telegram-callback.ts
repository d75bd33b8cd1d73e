import { timingSafeEqual } from 'node:crypto';
import { cutText, oneLine } from '@watchkeeper/contracts/text';
import Type, { type Static } from 'typebox';
import type { Callback, InboundRequest, Said, Verdict } from '../inbound/inbound.ts';
import type { Outcome, SendDeps } from '../outcome.ts';
import type { MessageAction } from '../topics/message.ts';
import { readJson } from './json.ts';
import { type Bot, callTelegram } from './telegram-api.ts';

/** Marks our buttons. */
const prefix = 'wk';
/** Telegram's own limits: bytes of a button's data, characters of an answer and of a message. */
const limits = { data: 64, answer: 200, message: 4_096 } as const;
const nameCharsMax = 80;
/** Begins the line that says what happened; a later one replaces it. */
const saidMark = '\n\n✓ ';

const Button = Type.Object({ text: Type.String(), callback_data: Type.Optional(Type.String()) });
type Button = Static<typeof Button>;

/** Of Telegram's `Update`, the fields that we read. */
const Update = Type.Object({
  update_id: Type.Integer(),
  callback_query: Type.Optional(
    Type.Object({
      id: Type.String(),
      from: Type.Object({
        id: Type.Integer(),
        username: Type.Optional(Type.String()),
        first_name: Type.Optional(Type.String()),
      }),
      data: Type.Optional(Type.String()),
      message: Type.Optional(
        Type.Object({
          message_id: Type.Integer(),
          chat: Type.Object({ id: Type.Integer() }),
          text: Type.Optional(Type.String()),
          entities: Type.Optional(
            Type.Array(Type.Object({ offset: Type.Integer(), length: Type.Integer() })),
          ),
          reply_markup: Type.Optional(Type.Object({ inline_keyboard: Type.Array(Type.Array(Button)) })),
        }),
      ),
    }),
  ),
});
type Query = NonNullable<Static<typeof Update>['callback_query']>;

/** Rows of buttons. An action that Telegram cannot carry has no button. */
export function keyboardOf(actions: readonly MessageAction[]): Button[][] {
  const row = actions
    .map(({ action, label, topic, subjectId }) => ({
      text: label,
      callback_data: [prefix, action, topic, subjectId].join(':'),
    }))
    .filter(({ callback_data: data }) => Buffer.byteLength(data) <= limits.data);
  return row.length === 0 ? [] : [row];
}

/** The secret of the webhook in a header. Telegram numbers its updates and sends the same number again on a retry. */
export function verifyTelegram(secret: string | undefined, { headers, body }: InboundRequest): Verdict {
  if (secret === undefined) return { genuine: false, reason: 'The channel has no secret for buttons.' };
  const header = headers['x-telegram-bot-api-secret-token'];
  const [given, own] = [Buffer.from(typeof header === 'string' ? header : '', 'latin1'), Buffer.from(secret)];
  if (given.length !== own.length || !timingSafeEqual(given, own))
    return { genuine: false, reason: 'The secret token is not the one of the channel.' };
  const update = readJson(Update, body.toString('utf8'));
  return update === undefined
    ? { genuine: false, reason: 'The request is not an update of Telegram.' }
    : { genuine: true, mark: `update ${update.update_id}` };
}

/** A press of one of our buttons. Telegram reports it only for messages that this bot sent, so every chat counts. */
export function readTelegramCallback({ body }: InboundRequest, bot: Bot): Callback | undefined {
  const query = readJson(Update, body.toString('utf8'))?.callback_query;
  const [, action, topic, subjectId] =
    /^wk:([a-z_]{1,40}):([a-z_]{1,40}):([0-9a-f-]{36})$/.exec(query?.data ?? '') ?? [];
  if (query === undefined || action === undefined || topic === undefined || subjectId === undefined)
    return undefined;
  const { from } = query;
  return {
    action,
    topic,
    subjectId,
    actor: {
      id: String(from.id),
      name: cutText(oneLine(from.username ?? from.first_name ?? String(from.id)), nameCharsMax),
    },
    reply: async (said, deps) => await reply(bot, query, said, deps),
  };
}

/** Everybody in the chat reads what happened; a refusal is shown to the person alone. */
async function reply(bot: Bot, query: Query, said: Said, deps: SendDeps): Promise<Outcome> {
  const answer = {
    callback_query_id: query.id,
    text: cutText(said.words, limits.answer),
    show_alert: said.outcome === 'refused',
  };
  const { outcome } = await callTelegram(bot, 'answerCallbackQuery', answer, deps);
  const { message } = query;
  if (said.outcome === 'refused' || message?.text === undefined) return outcome;
  const { text: before, chat, message_id } = message;
  const kept = before.includes(saidMark) ? before.slice(0, before.lastIndexOf(saidMark)) : before;
  // The text comes without its formatting, which `entities` describe by place: words at the end move nothing.
  const entities = message.entities?.filter(({ offset, length }) => offset + length <= kept.length) ?? [];
  const text = cutText(`${kept}${saidMark}${said.words}`, limits.message);
  const rows = (message.reply_markup?.inline_keyboard ?? [])
    .map((row) => row.filter((button) => isLeft(button, said.left)))
    .filter((row) => row.length > 0);
  const edit = { chat_id: chat.id, message_id, text, entities, reply_markup: { inline_keyboard: rows } };
  return (await callTelegram(bot, 'editMessageText', edit, deps)).outcome;
}

function isLeft({ callback_data: data = '' }: Button, left: readonly string[]): boolean {
  const [mark, action = ''] = data.split(':');
  return mark !== prefix || left.includes(action);
}
