import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { fitLines, labelledLine } from '../senders/fit-lines.ts';
import { exchange } from '../senders/http-outcome.ts';
import { jsonPost } from '../senders/json.ts';
import type { Message } from '../topics/message.ts';

/** Characters. A card may have about 28 KB, and a character up to four bytes. */
const limits = { title: 256, lines: 4_000, link: 80 } as const;

export const teams = defineChannelKind({
  kind: 'teams',
  label: 'Microsoft Teams',
  help: 'Posts a card to a chat or channel of Microsoft Teams, through a workflow that takes webhook requests.',
  schema: Type.Object(
    {
      webhook_url: Type.String({
        title: 'URL of the workflow',
        description:
          'From Teams: the channel, Workflows, "Post to a channel when a webhook request is received". Everybody who has it can post, so it is kept as a secret.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https://.',
        examples: ['https://….logic.azure.com/workflows/…'],
        maxLength: 2_000,
      }),
    },
    { additionalProperties: false },
  ),
  secrets: ['webhook_url'],
  urls: ['webhook_url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: false, buttons: false, unsubscribe: false },
  fixture: {
    webhook_url: 'https://prod-01.westeurope.logic.azure.com/workflows/f1/triggers/manual?sig=fixture',
  },
  recipients: (config) => [{ label: new URL(config.webhook_url).host, identity: config.webhook_url }],
  target: (config) => new URL(config.webhook_url).host,
  async send(config, message, deps) {
    const { outcome, answer } = await exchange(jsonPost(config.webhook_url, bodyOf(message)), deps);
    return outcome.outcome === 'sent' ? lookInside(outcome, answer) : outcome;
  },
});

/** Teams may answer 200 and say in the text that it failed, with the status it got itself. */
function lookInside(outcome: Outcome & { outcome: 'sent' }, answer: string): Outcome {
  const status = Number(/returned HTTP error (\d{3})/i.exec(answer)?.[1]);
  const isError = Number.isFinite(status) || /delivery failed|^\s*\{\s*"error"/i.test(answer);
  if (!isError) return outcome;
  const said = {
    ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
  };
  const isFinal = status >= 400 && status < 500 && status !== 429;
  const inWords = Number.isFinite(status) ? ` (${status})` : '';
  return isFinal
    ? { outcome: 'permanent', reason: `Teams refused the message${inWords}.`, ...said }
    : { outcome: 'retry', reason: `Teams could not deliver the message${inWords}.`, ...said };
}

function bodyOf({ title, lines, url, linkLabel, organization }: Message): object {
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      richText([{ text: cutText(title, limits.title), weight: 'Bolder', size: 'Medium' }]),
      ...fitLines(lines, limits.lines).map((line) => richText(runsOf(line))),
      richText([{ text: cutText(organization.name, limits.link), isSubtle: true, size: 'Small' }]),
    ],
    actions: [{ type: 'Action.OpenUrl', title: cutText(linkLabel, limits.link), url }],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] };
}

/** Plain runs of text: a text block would read names as Markdown. */
function richText(runs: readonly object[]): object {
  return { type: 'RichTextBlock', inlines: runs.map((run) => ({ type: 'TextRun', ...run })) };
}

function runsOf(line: string): object[] {
  const parts = labelledLine(line);
  return parts === undefined
    ? [{ text: line }]
    : [{ text: `${parts.label}: `, weight: 'Bolder' }, { text: parts.value }];
}
