import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { exchange, tidy } from '../senders/http-outcome.ts';
import { readJson } from '../senders/json.ts';
import { phoneNumbersField, phoneRecipients } from '../senders/phone-number.ts';
import { smsText } from '../senders/sms-text.ts';

/** Twilio's codes that no retry corrects, in words for the operator. Source: twilio.com/docs/api/errors. */
const knownErrors: Readonly<Record<number, string>> = {
  20003: 'Twilio does not accept the account and the token.',
  21211: 'Twilio says that this is not a telephone number.',
  21408: 'Twilio may not send to this country. Allow it in the geographic permissions of the account.',
  21606: 'The sender is not a number of this Twilio account, or cannot send text messages.',
  21608: 'A trial account of Twilio sends only to numbers that it has verified.',
  21610: 'The person has answered STOP, so Twilio sends no more to this number.',
  21614: 'The number cannot take text messages.',
};

/** Of the answer: a message that was taken has `sid` and `status`, an error `code` and `message`. */
const Answer = Type.Object({
  code: Type.Optional(Type.Integer()),
  message: Type.Optional(Type.String()),
});

export const twilio = defineChannelKind({
  kind: 'twilio',
  label: 'SMS by Twilio',
  help: 'Sends a short text message to each number, with the link. Twilio charges for each.',
  schema: Type.Object(
    {
      account_sid: Type.String({
        title: 'Account SID',
        description: 'From the Twilio console. Begins with AC.',
        pattern: '^AC[0-9a-fA-F]{32}$',
        patternHelp: 'AC and 32 digits or letters from a to f.',
      }),
      key_sid: Type.Optional(
        Type.String({
          title: 'API key SID',
          description: 'Optional. With an API key, the secret below is the one of the key. Begins with SK.',
          pattern: '^SK[0-9a-fA-F]{32}$',
          patternHelp: 'SK and 32 digits or letters from a to f.',
          advanced: true,
        }),
      ),
      secret: Type.String({
        title: 'Auth token',
        description: 'The auth token of the account, or the secret of the API key. It is kept as a secret.',
        pattern: '^[\\x21-\\x7e]{16,200}$',
        patternHelp: 'Copy the whole token, without spaces.',
      }),
      from: Type.String({
        title: 'Sender',
        description: 'A number of your Twilio account, or a messaging service, which begins with MG.',
        pattern: '^(\\+[1-9]\\d{6,14}|MG[0-9a-fA-F]{32}|[A-Za-z0-9 ]{1,11})$',
        patternHelp: 'A number such as +15005550001, MG and 32 characters, or a name of at most 11 letters.',
        examples: ['+15005550001'],
      }),
      to: phoneNumbersField(),
      api_url: Type.String({
        title: 'Address of the API',
        description: 'Change it only for a region of its own.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https://.',
        default: 'https://api.twilio.com',
        maxLength: 500,
        advanced: true,
      }),
    },
    { additionalProperties: false },
  ),
  secrets: ['secret'],
  urls: ['api_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: {
    account_sid: 'AC00000000000000000000000000000000',
    key_sid: 'SK00000000000000000000000000000000',
    secret: 'fixture-secret-of-the-key',
    from: '+15005550001',
    to: ['+15005550006', '+15005550007'],
    api_url: 'https://api.twilio.com',
  },
  recipients: (config) => phoneRecipients(config.to),
  target: (config) => new URL(config.api_url).host,
  async send(config, message, deps) {
    const { account_sid: account, key_sid: user = account, secret, from } = config;
    const login = Buffer.from(`${user}:${secret}`).toString('base64');
    const sender = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from };
    const form = new URLSearchParams({ To: message.recipient, ...sender, Body: smsText(message) });
    const request = {
      url: `${config.api_url.replace(/\/+$/, '')}/2010-04-01/Accounts/${account}/Messages.json`,
      headers: {
        authorization: `Basic ${login}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
    };
    const { outcome, answer } = await exchange(request, deps);
    return inWords(outcome, answer);
  },
});

/** Twilio repeats number and text in its answer. The ledger has these, so it keeps the words of an error alone. */
function inWords(outcome: Outcome, answer: string): Outcome {
  const { code, message } = readJson(Answer, answer) ?? {};
  const { status } = outcome;
  if (outcome.outcome === 'sent') return { ...outcome, detail: `HTTP ${status ?? 201}` };
  if (message === undefined) return outcome;
  const said = { ...outcome, detail: tidy(`${code ?? status ?? ''}: ${message}`) };
  const words = code === undefined ? undefined : knownErrors[code];
  return outcome.outcome === 'permanent' && words !== undefined ? { ...said, reason: words } : said;
}
