import { cutText } from '@watchkeeper/contracts/text';
import Type, { type Static } from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome, SendDeps } from '../outcome.ts';
import { fitLines } from '../senders/fit-lines.ts';
import { exchange } from '../senders/http-outcome.ts';
import { jsonPost, readJson } from '../senders/json.ts';
import { levelOf } from '../senders/levels.ts';
import { subjectKey } from '../senders/subject-key.ts';
import { type Message, testTone } from '../topics/message.ts';

/** PagerDuty's own limits in characters; the whole event may have 512 KB. */
const limits = { summary: 1_024, details: 10_000, link: 200 } as const;

const severities = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const;
const actions = {
  opened: 'trigger',
  changed: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
} as const;
type Action = (typeof actions)[keyof typeof actions];

/** Of a refusal, the fields that we read. */
const Refusal = Type.Object({
  message: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.String())),
});

const schema = Type.Object(
  {
    routing_key: Type.String({
      title: 'Integration key',
      description:
        'From PagerDuty: your service, Integrations, Events API V2. It is kept as a secret. PagerDuty takes about 120 events a minute for each key.',
      pattern: '^[A-Za-z0-9]{32}$',
      patternHelp: 'The key has 32 letters and digits.',
    }),
    url: Type.String({
      title: 'Address of the Events API',
      description: 'Accounts in the EU have an address of their own.',
      format: 'uri',
      pattern: '^https?://',
      patternHelp: 'Begin with https://.',
      default: 'https://events.pagerduty.com/v2/enqueue',
      examples: ['https://events.pagerduty.com/v2/enqueue', 'https://events.eu.pagerduty.com/v2/enqueue'],
      maxLength: 500,
      advanced: true,
    }),
  },
  { additionalProperties: false },
);
type PagerdutyConfig = Static<typeof schema>;

export const pagerduty = defineChannelKind({
  kind: 'pagerduty',
  label: 'PagerDuty',
  help: 'Opens, acknowledges and resolves PagerDuty incidents: one of ours is one of theirs. A test opens one and resolves it at once.',
  schema,
  secrets: ['routing_key'],
  urls: ['url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 1, thread: false, buttons: false, unsubscribe: false, state: true },
  fixture: {
    routing_key: '0123456789abcdef0123456789abcdef',
    url: 'https://events.pagerduty.com/v2/enqueue',
  },
  // The key tells two services apart and is a secret, so the ledger names the host only.
  recipients: (config) => [{ label: new URL(config.url).host, identity: config.routing_key }],
  target: (config) => new URL(config.url).host,
  async send(config, message, deps) {
    const action = message.event === undefined ? 'trigger' : actions[message.event.kind];
    const outcome = await enqueue(config, message, action, deps);
    if (message.tone !== testTone || outcome.outcome !== 'sent') return outcome;
    return await enqueue(config, message, 'resolve', deps);
  },
});

async function enqueue(
  config: PagerdutyConfig,
  message: Message,
  action: Action,
  deps: SendDeps,
): Promise<Outcome> {
  const event = {
    routing_key: config.routing_key,
    event_action: action,
    dedup_key: subjectKey(message),
    ...(action === 'trigger' ? triggerOf(message) : {}),
  };
  const { outcome, answer } = await exchange(jsonPost(config.url, event), deps);
  if (outcome.outcome !== 'permanent') return outcome;
  const refusal = readJson(Refusal, answer);
  const why = refusal?.errors?.join('; ') ?? refusal?.message;
  return why === undefined
    ? outcome
    : { ...outcome, reason: `PagerDuty refused the event: ${cutText(why, 200)}` };
}

function triggerOf(message: Message): object {
  const { title, lines, url, linkLabel, organization, createdAt, event } = message;
  const { labels } = event ?? { labels: undefined };
  const link = { href: url, text: cutText(linkLabel, limits.link) };
  return {
    client: 'Watchkeeper',
    client_url: url,
    links: [link],
    payload: {
      summary: cutText(title, limits.summary),
      source: cutText(labels?.device ?? labels?.site ?? organization.slug, limits.link),
      severity: severities[levelOf(message) ?? 'low'],
      timestamp: event?.openedAt ?? createdAt.toISOString(),
      ...(labels?.area === undefined ? {} : { component: labels.area }),
      ...(labels?.site === undefined ? {} : { group: labels.site }),
      ...(labels?.type === undefined ? {} : { class: labels.type }),
      custom_details: {
        organization: organization.name,
        ...(event?.priority === undefined ? {} : { priority: event.priority }),
        text: fitLines(lines, limits.details).join('\n'),
      },
    },
  };
}
