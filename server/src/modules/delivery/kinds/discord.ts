import { cutText } from '@watchkeeper/contracts/text';
import Type, { type Static } from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome, SendDeps } from '../outcome.ts';
import { colorOf } from '../senders/colors.ts';
import { fitLines, labelledLine } from '../senders/fit-lines.ts';
import { boundRetryAfter, exchange, type Post } from '../senders/http-outcome.ts';
import { jsonPost, readJson } from '../senders/json.ts';
import { escapeMarkdown, markdownLine } from '../senders/markdown.ts';
import type { Message } from '../topics/message.ts';

/** Discord's limits are 256 and 4,096 characters; escaping may double the text. */
const limits = { title: 256, lines: 2_000, footer: 200 } as const;

/** Discord's codes that no retry corrects, in words for the operator. Source: discord.com/developers/docs, JSON error codes. */
const knownErrors: Readonly<Record<number, string>> = {
  10003: 'The Discord channel no longer exists.',
  10015: 'Discord no longer knows this webhook. Create a new one and enter its URL.',
  50027: 'Discord does not accept the token in the webhook URL.',
  160005: 'The thread in Discord is locked.',
};

const Refusal = Type.Object({
  code: Type.Optional(Type.Integer()),
  /** Seconds, with a fraction. */
  retry_after: Type.Optional(Type.Number()),
});

const schema = Type.Object(
  {
    webhook_url: Type.String({
      title: 'Webhook URL',
      description:
        'From Discord: the settings of the channel, Integrations, Webhooks. Everybody who has it can post, so it is kept as a secret. For a thread, add ?thread_id= and its number.',
      format: 'uri',
      pattern: '^https?://',
      patternHelp: 'Begin with https://.',
      examples: ['https://discord.com/api/webhooks/…'],
      maxLength: 2_000,
    }),
  },
  { additionalProperties: false },
);

export const discord = defineChannelKind({
  kind: 'discord',
  label: 'Discord',
  help: 'Posts to a channel or a thread of a Discord server, through a webhook. It never mentions anybody.',
  schema,
  secrets: ['webhook_url'],
  urls: ['webhook_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: { webhook_url: 'https://discord.com/api/webhooks/1000/fixture-token' },
  recipients: (config) => [{ label: new URL(config.webhook_url).host, identity: config.webhook_url }],
  target: (config) => new URL(config.webhook_url).host,
  send,
});

async function send(
  { webhook_url }: Static<typeof schema>,
  message: Message,
  deps: SendDeps,
): Promise<Outcome> {
  const url = new URL(webhook_url);
  url.searchParams.set('wait', 'true');
  return await call(jsonPost(url.href, bodyOf(message)), deps);
}

async function call(request: Post, deps: SendDeps): Promise<Outcome> {
  const { outcome, answer } = await exchange(request, deps);
  // The answer repeats the whole message, which the ledger has.
  if (outcome.outcome === 'sent') return { ...outcome, detail: `HTTP ${outcome.status ?? 200}` };
  const { code, retry_after: wait } = readJson(Refusal, answer) ?? {};
  if (outcome.outcome === 'retry')
    return wait === undefined ? outcome : { ...outcome, retryAfterSeconds: boundRetryAfter(wait) };
  const words = code === undefined ? undefined : knownErrors[code];
  return words === undefined ? outcome : { ...outcome, reason: words };
}

function bodyOf(message: Message): object {
  const { title, lines, url, createdAt, organization } = message;
  const text = fitLines(lines, limits.lines).map((line) => markdownLine(labelledLine(line), line));
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: cutText(escapeMarkdown(title), limits.title),
        description: text.join('\n'),
        url,
        color: colorOf(message),
        timestamp: createdAt.toISOString(),
        footer: { text: cutText(organization.name, limits.footer) },
      },
    ],
  };
}
