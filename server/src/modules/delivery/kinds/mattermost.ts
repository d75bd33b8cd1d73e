import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { hexColorOf } from '../senders/colors.ts';
import { fitLines, labelledLine } from '../senders/fit-lines.ts';
import { exchange } from '../senders/http-outcome.ts';
import { jsonPost, readJson } from '../senders/json.ts';
import { escapeMarkdown, markdownLine } from '../senders/markdown.ts';
import type { Message } from '../topics/message.ts';

/** Characters before escaping, which may double them. Rocket.Chat takes 5,000 in a message unless told otherwise. */
const limits = { title: 200, lines: 2_000, link: 80 } as const;

/** Of a refusal: Mattermost has `message`, Rocket.Chat `success` and `error`. */
const Refusal = Type.Object({
  success: Type.Optional(Type.Boolean()),
  message: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
});

export const mattermost = defineChannelKind({
  kind: 'mattermost',
  label: 'Mattermost or Rocket.Chat',
  help: 'Posts to the channel of an incoming webhook of Mattermost, of Rocket.Chat, or of another chat that takes the older messages of Slack.',
  schema: Type.Object(
    {
      webhook_url: Type.String({
        title: 'Webhook URL',
        description:
          'From the chat: Integrations, Incoming Webhooks. Everybody who has it can post, so it is kept as a secret.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https:// or http://.',
        examples: ['https://chat.example.com/hooks/…'],
        maxLength: 2_000,
      }),
    },
    { additionalProperties: false },
  ),
  secrets: ['webhook_url'],
  urls: ['webhook_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: { webhook_url: 'https://chat.example.com/hooks/fixture' },
  recipients: (config) => [{ label: new URL(config.webhook_url).host, identity: config.webhook_url }],
  target: (config) => new URL(config.webhook_url).host,
  async send(config, message, deps) {
    const { outcome, answer } = await exchange(jsonPost(config.webhook_url, bodyOf(message)), deps);
    return inWords(outcome, answer);
  },
});

function inWords(outcome: Outcome, answer: string): Outcome {
  const { success, message, error = message } = readJson(Refusal, answer) ?? {};
  const words = error === undefined ? undefined : `The chat refused the message: ${cutText(error, 200)}`;
  if (outcome.outcome === 'permanent') return words === undefined ? outcome : { ...outcome, reason: words };
  if (outcome.outcome === 'retry' || success !== false) return outcome;
  return { ...outcome, outcome: 'permanent', reason: words ?? 'The chat refused the message.' };
}

function bodyOf(message: Message): object {
  const { title, lines, url, linkLabel, organization } = message;
  const head = escapeMarkdown(cutText(title, limits.title));
  const text = fitLines(lines, limits.lines).map((line) => markdownLine(labelledLine(line), line));
  const link = `[${escapeMarkdown(cutText(linkLabel, limits.link))}](${url})`;
  return {
    // Notifications show this text. The rest is in the attachment, which has the color.
    text: `**${head}**`,
    attachments: [
      {
        fallback: head,
        color: hexColorOf(message),
        text: [...text, `${link} · ${escapeMarkdown(cutText(organization.name, limits.link))}`].join('\n'),
      },
    ],
  };
}
