import { cutText } from '@watchkeeper/contracts/text';
import Type, { type Static } from 'typebox';
import { defineChannelKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { fitLines } from '../senders/fit-lines.ts';
import { type Post, post } from '../senders/http-outcome.ts';
import { jsonPost } from '../senders/json.ts';
import { priorityOf } from '../senders/levels.ts';
import { subjectKey } from '../senders/subject-key.ts';
import { type Message, testTone } from '../topics/message.ts';

/** Opsgenie's own limits in characters. */
const limits = { message: 130, description: 8_000, entity: 512, tag: 50, note: 1_000 } as const;

const source = 'Watchkeeper';
const testPriority = 'P5';

const schema = Type.Object(
  {
    api_key: Type.String({
      title: 'API key',
      description: 'Of an API integration. It is kept as a secret.',
      pattern: '^[\\x21-\\x7e]{8,200}$',
      patternHelp: 'Copy the whole key, without spaces.',
    }),
    url: Type.String({
      title: 'Address of its alerts',
      description:
        'Accounts in the EU have an address of their own. Opsgenie itself ends in April 2027; other systems take the same requests.',
      format: 'uri',
      pattern: '^https?://',
      patternHelp: 'Begin with https://.',
      default: 'https://api.opsgenie.com/v2/alerts',
      examples: ['https://api.opsgenie.com/v2/alerts', 'https://api.eu.opsgenie.com/v2/alerts'],
      maxLength: 500,
    }),
  },
  { additionalProperties: false },
);
type OpsgenieConfig = Static<typeof schema>;

export const opsgenie = defineChannelKind({
  kind: 'opsgenie',
  label: 'Opsgenie, or compatible',
  help: 'Opens, acknowledges and closes alerts in Opsgenie, or in a system that takes its requests: one of ours is one of theirs. A test opens one and closes it at once.',
  schema,
  secrets: ['api_key'],
  urls: ['url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 1, thread: false, buttons: false, unsubscribe: false, state: true },
  fixture: { api_key: 'fixture-key-of-opsgenie', url: 'https://api.opsgenie.com/v2/alerts' },
  recipients: (config) => [{ label: new URL(config.url).host, identity: `${config.url} ${config.api_key}` }],
  target: (config) => new URL(config.url).host,
  async send(config, message, deps) {
    let outcome: Outcome = { outcome: 'sent' };
    for (const request of requestsOf(config, message)) {
      outcome = await post(request, deps);
      if (outcome.outcome !== 'sent') break;
    }
    return outcome;
  },
});

/** In their order. Each may be sent again: the alias says that it is the same alert. */
function requestsOf(config: OpsgenieConfig, message: Message): Post[] {
  const { event } = message;
  const create = request(config, '', alertOf(message));
  const close = request(config, onAlias(message, 'close'), noteOf(message));
  if (event === undefined) return message.tone === testTone ? [create, close] : [create];
  switch (event.kind) {
    case 'opened':
      return [create];
    case 'changed': {
      // A second alert of the same alias is only counted, so the priority has a request of its own.
      const change = request(config, onAlias(message, 'priority'), { priority: priorityOf(event) });
      return [create, { ...change, method: 'PUT' }];
    }
    case 'acknowledged':
      return [request(config, onAlias(message, 'acknowledge'), noteOf(message))];
    case 'resolved':
      return [close];
  }
}

function request({ url, api_key }: OpsgenieConfig, path: string, body: object): Post {
  return jsonPost(`${url.replace(/\/+$/, '')}${path}`, body, { authorization: `GenieKey ${api_key}` });
}

function onAlias(message: Message, verb: string): string {
  return `/${encodeURIComponent(subjectKey(message))}/${verb}?identifierType=alias`;
}

function noteOf({ title }: Message): object {
  return { source, note: cutText(title, limits.note) };
}

function alertOf(message: Message): object {
  const { title, lines, url, event, organization } = message;
  const labels = event?.labels ?? {};
  return {
    message: cutText(title, limits.message),
    alias: subjectKey(message),
    description: [...fitLines(lines, limits.description), url].join('\n'),
    entity: cutText(labels.device ?? labels.site ?? organization.slug, limits.entity),
    source,
    tags: Object.values(labels).map((label) => cutText(label, limits.tag)),
    details: { ...labels, organization: organization.slug, url },
    priority: event === undefined ? testPriority : priorityOf(event),
  };
}
