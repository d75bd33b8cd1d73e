import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { defineChannelKind, type Outcome } from '../kind.ts';
import { post } from '../senders/http-outcome.ts';
import type { Message } from '../topics/message.ts';

/** Slack's own limits; a longer text is refused with the whole message. */
const limits = { header: 150, section: 3_000, button: 75, url: 3_000, text: 4_000 } as const;

/** Slack's plain-text answers that no retry mends, in words for the operator. */
const knownErrors: Readonly<Record<string, string>> = {
  no_service: 'Slack no longer knows this webhook. Create a new one and enter its URL.',
  no_active_hooks: 'The webhook was switched off in Slack.',
  invalid_token: 'Slack does not accept the token in the webhook URL.',
  channel_not_found: 'The Slack channel no longer exists.',
  channel_is_archived: 'The Slack channel is archived.',
  action_prohibited: 'A Slack administrator has restricted posting to this channel.',
  posting_to_general_channel_denied: 'Slack does not allow this webhook to post to the general channel.',
  team_disabled: 'The Slack workspace is disabled.',
  no_team: 'The Slack workspace no longer exists.',
  user_not_found: 'The Slack user of this webhook no longer exists.',
  invalid_payload: 'Slack could not read the message.',
};

export const slack = defineChannelKind({
  kind: 'slack',
  label: 'Slack',
  help: 'Posts to the channel of a Slack incoming webhook.',
  schema: Type.Object(
    {
      webhook_url: Type.String({
        title: 'Webhook URL',
        description:
          'From Slack: Apps, Incoming Webhooks. Everybody who has it can post, so it is kept as a secret.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https://.',
        examples: ['https://hooks.slack.com/services/…'],
        maxLength: 2_000,
      }),
    },
    { additionalProperties: false },
  ),
  secrets: ['webhook_url'],
  urls: ['webhook_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500 },
  fixture: { webhook_url: 'https://hooks.slack.com/services/T0000/B0000/fixture' },
  recipients: (config) => [{ label: new URL(config.webhook_url).host, identity: config.webhook_url }],
  target: (config) => new URL(config.webhook_url).host,
  async send(config, message, deps) {
    const body = JSON.stringify(bodyOf(message));
    const outcome = await post(
      { url: config.webhook_url, headers: { 'content-type': 'application/json; charset=utf-8' }, body },
      deps,
    );
    return inWords(outcome);
  },
});

function bodyOf(message: Message): object {
  const text = message.lines.map(formatLine).join('\n');
  return {
    // What notifications and screen readers show; blocks are what the channel shows.
    text: cutEscaped(escapeMrkdwn(message.title), limits.text),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cutText(message.title, limits.header), emoji: false },
      },
      ...(text === ''
        ? []
        : [{ type: 'section', text: { type: 'mrkdwn', text: cutEscaped(text, limits.section) } }]),
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            text: { type: 'plain_text', text: cutText(message.linkLabel, limits.button) },
            url: message.url.slice(0, limits.url),
          },
        ],
      },
    ],
  };
}

/** `Label: value` gets a bold label; device names and reasons are other people's text and are escaped. */
function formatLine(line: string): string {
  const match = /^([A-Z][a-z]+(?: [a-z]+)?): (.*)$/s.exec(line);
  if (match === null) return escapeMrkdwn(line);
  return `*${match[1] ?? ''}:* ${escapeMrkdwn(match[2] ?? '')}`;
}

/** `&`, `<` and `>` are Slack's control characters: unescaped, a name could mention @channel or forge a link. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escapes and then cuts, for escaping grows the text; never inside an entity or a character. */
function cutEscaped(escaped: string, charsMax: number): string {
  if (escaped.length <= charsMax) return escaped;
  const cut = cutText(escaped, charsMax - 1, '');
  return `${cut.replace(/&[a-z]{0,4}$/, '')}…`;
}

function inWords(outcome: Outcome): Outcome {
  if (outcome.outcome !== 'permanent' || outcome.detail === undefined) return outcome;
  const error = outcome.detail.replace(/^HTTP \d+: /, '');
  const words = knownErrors[error];
  return words === undefined ? outcome : { ...outcome, reason: words };
}
