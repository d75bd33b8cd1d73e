import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { labelledLine } from '../senders/fit-lines.ts';
import { post } from '../senders/http-outcome.ts';
import { buttonOf, readSlackCallback } from '../senders/slack-callback.ts';
import { verifySlack } from '../senders/slack-signature.ts';
import { cutEscaped, escapeMrkdwn } from '../senders/slack-text.ts';
import type { Message } from '../topics/message.ts';

/** Slack's own limits; a longer text is refused with the whole message. */
const limits = { header: 150, section: 3_000, button: 75, url: 3_000, text: 4_000 } as const;

/** Slack's plain-text answers that no retry corrects, in words for the operator. */
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
      signing_secret: Type.Optional(
        Type.String({
          title: 'Signing secret',
          description:
            'Optional. From Slack: your app, Basic Information. With it, alerts carry buttons to acknowledge and resolve, and everybody in the Slack channel may press them. The channel then shows the address that Slack needs under Interactivity.',
          minLength: 16,
          maxLength: 200,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  secrets: ['webhook_url', 'signing_secret'],
  urls: ['webhook_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: true, unsubscribe: false },
  fixture: {
    webhook_url: 'https://hooks.slack.com/services/T0000/B0000/fixture',
    signing_secret: '8f742231b10e8888abcd99yyyzzz85a5',
  },
  recipients: (config) => [{ label: new URL(config.webhook_url).host, identity: config.webhook_url }],
  target: (config) => new URL(config.webhook_url).host,
  inbound: {
    accepts: (config) => config.signing_secret !== undefined,
    verify: (config, request, nowMs) =>
      config.signing_secret === undefined
        ? { genuine: false, reason: 'The channel has no signing secret.' }
        : verifySlack(config.signing_secret, request, nowMs),
    read: readSlackCallback,
  },
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
    // Notifications and screen readers show this text; the channel shows the blocks.
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
          ...message.actions.map(buttonOf),
        ],
      },
    ],
  };
}

/** `Label: value` gets a bold label; device names and reasons are other people's text and are escaped. */
function formatLine(line: string): string {
  const parts = labelledLine(line);
  return parts === undefined ? escapeMrkdwn(line) : `*${parts.label}:* ${escapeMrkdwn(parts.value)}`;
}

function inWords(outcome: Outcome): Outcome {
  if (outcome.outcome !== 'permanent' || outcome.detail === undefined) return outcome;
  const error = outcome.detail.replace(/^HTTP \d+: /, '');
  const words = knownErrors[error];
  return words === undefined ? outcome : { ...outcome, reason: words };
}
