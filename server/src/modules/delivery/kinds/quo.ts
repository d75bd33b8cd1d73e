import Type, { type Static } from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { exchange, type Post, tidy } from '../senders/http-outcome.ts';
import { jsonPost, readJson } from '../senders/json.ts';
import { phoneNumbersField, phoneRecipients } from '../senders/phone-number.ts';
import { smsText } from '../senders/sms-text.ts';
import type { Message } from '../topics/message.ts';

/** The version that Quo's dated API is called with. */
const datedVersion = '2026-03-30';

/** Statuses of Quo that no retry corrects, in words for the operator. */
const knownStatuses: Readonly<Record<number, string>> = {
  401: 'Quo does not accept the API key.',
  402: 'Quo has no credit left for text messages.',
  403: 'The API key may not send from this number.',
};
/** Quo's code for a number that is not registered with the carriers of the United States. */
const unregisteredCode = '0206400';
const unregistered =
  'The sender is not registered with the carriers of the United States (A2P). Register it in Quo.';

const Refusal = Type.Object({
  message: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
});

const schema = Type.Object(
  {
    api_key: Type.String({
      title: 'API key',
      description: 'From Quo (formerly OpenPhone): Settings, API. It is kept as a secret.',
      pattern: '^[\\x21-\\x7e]{8,200}$',
      patternHelp: 'Copy the whole key, without spaces.',
    }),
    from: Type.String({
      title: 'Sender',
      description: 'A number of your Quo workspace, or its id, which begins with PN.',
      pattern: '^(\\+[1-9]\\d{6,14}|PN[A-Za-z0-9]{1,60})$',
      patternHelp: 'Write a number such as +15005550001, or the id of a number.',
      examples: ['+15005550001'],
    }),
    to: phoneNumbersField(),
    generation: Type.Enum(['v1', 'dated'], {
      title: 'Generation of the API',
      description: 'Quo runs two side by side. Take the one that your key was made for.',
      labels: { v1: 'v1, the classic one', dated: `dated, ${datedVersion}` },
      default: 'v1',
    }),
    api_url: Type.String({
      title: 'Address of the API',
      description: 'Older accounts may still need https://api.openphone.com.',
      format: 'uri',
      pattern: '^https?://',
      patternHelp: 'Begin with https://.',
      default: 'https://api.quo.com',
      examples: ['https://api.quo.com', 'https://api.openphone.com'],
      maxLength: 500,
      advanced: true,
    }),
  },
  { additionalProperties: false },
);
type QuoConfig = Static<typeof schema>;

export const quo = defineChannelKind({
  kind: 'quo',
  label: 'SMS by Quo (OpenPhone)',
  help: 'Sends a short text message to each number, with the link. Quo charges for each.',
  schema,
  secrets: ['api_key'],
  urls: ['api_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: {
    api_key: 'fixture-key-of-quo',
    from: '+15005550001',
    to: ['+15005550006'],
    generation: 'v1',
    api_url: 'https://api.quo.com',
  },
  recipients: (config) => phoneRecipients(config.to),
  target: (config) => new URL(config.api_url).host,
  async send(config, message, deps) {
    const { outcome, answer } = await exchange(requestOf(config, message), deps);
    return inWords(outcome, answer);
  },
});

/** The key stands alone in the header, without the word "Bearer". Only the classic generation names it `content`. */
function requestOf({ api_key, from, generation, api_url }: QuoConfig, message: Message): Post {
  const base = api_url.replace(/\/+$/, '');
  const shared = { from, to: [message.recipient], setInboxStatus: 'done' };
  const text = smsText(message);
  return generation === 'v1'
    ? jsonPost(`${base}/v1/messages`, { content: text, ...shared }, { authorization: api_key })
    : jsonPost(
        `${base}/messages`,
        { text, ...shared },
        { authorization: api_key, 'quo-api-version': datedVersion },
      );
}

function inWords(outcome: Outcome, answer: string): Outcome {
  const { status } = outcome;
  // The answer repeats number and text, which the ledger has.
  if (outcome.outcome === 'sent') return { ...outcome, detail: `HTTP ${status ?? 202}` };
  const { message, code } = readJson(Refusal, answer) ?? {};
  const said =
    message === undefined ? outcome : { ...outcome, detail: tidy(`${code ?? status ?? ''}: ${message}`) };
  if (said.outcome !== 'permanent') return said;
  const words = code === unregisteredCode ? unregistered : knownStatuses[status ?? 0];
  return words === undefined ? said : { ...said, reason: words };
}
