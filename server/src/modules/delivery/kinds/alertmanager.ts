import { cutText } from '@watchkeeper/contracts/text';
import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import { fitLines } from '../senders/fit-lines.ts';
import { post } from '../senders/http-outcome.ts';
import { jsonPost } from '../senders/json.ts';
import { fingerprintOf } from '../senders/label-fingerprint.ts';
import { subjectKey } from '../senders/subject-key.ts';
import type { EventMember } from '../topics/event.ts';
import { type Message, testTone } from '../topics/message.ts';

/** Alerts in one message; `truncatedAlerts` says how many more there are. */
const alertsMax = 50;
/** Characters. */
const limits = { title: 500, lines: 4_000 } as const;

/** As Alertmanager writes "it still fires". */
const noEnd = '0001-01-01T00:00:00Z';

const severities = { critical: 'critical', high: 'critical', medium: 'warning', low: 'info' } as const;

export const alertmanager = defineChannelKind({
  kind: 'alertmanager',
  label: 'Alertmanager',
  help: "Posts to any receiver of Alertmanager's webhooks (version 4): one of our incidents is one group, with its alerts and their labels.",
  schema: Type.Object(
    {
      url: Type.String({
        title: 'URL',
        description: 'Where to POST. It may contain a token, so only people who may change channels see it.',
        format: 'uri',
        pattern: '^https?://',
        patternHelp: 'Begin with https:// or http://.',
        examples: ['https://receiver.example.com/alertmanager'],
        maxLength: 2_000,
      }),
      bearer_token: Type.Optional(
        Type.String({
          title: 'Bearer token',
          description: 'Optional. Sent as "Authorization: Bearer".',
          pattern: '^[\\x21-\\x7e]{1,1000}$',
          patternHelp: 'Copy the whole token, without spaces.',
        }),
      ),
      receiver: Type.String({
        title: 'Name of the receiver',
        description: 'How the message calls its receiver; some programs choose by it.',
        default: 'watchkeeper',
        minLength: 1,
        maxLength: 100,
        advanced: true,
      }),
    },
    { additionalProperties: false },
  ),
  secrets: ['bearer_token'],
  urls: ['url'],
  generate: {},
  capabilities: { itemsPerMessageMax: 1, thread: false, buttons: false, unsubscribe: false, state: true },
  fixture: {
    url: 'https://receiver.example.com/alertmanager',
    bearer_token: 'fixture-token-of-the-receiver',
    receiver: 'watchkeeper',
  },
  recipients: (config) => [{ label: new URL(config.url).host, identity: config.url }],
  target: (config) => new URL(config.url).host,
  async send(config, message, deps) {
    const { bearer_token: token } = config;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const body = bodyOf(message, config.receiver, deps.config.http.publicUrl);
    return await post(jsonPost(config.url, body, headers), deps);
  },
});

function bodyOf(message: Message, receiver: string, externalURL: string): object {
  const { event } = message;
  const alerts = alertsOf(message);
  const shown = alerts.slice(0, alertsMax);
  return {
    version: '4',
    groupKey: subjectKey(message),
    truncatedAlerts: alerts.length - shown.length,
    status: event?.kind === 'resolved' ? 'resolved' : 'firing',
    receiver,
    groupLabels: shared(alerts, ['organization', 'site']),
    commonLabels: shared(alerts, [...new Set(alerts.flatMap(({ labels }) => Object.keys(labels)))]),
    commonAnnotations: {
      summary: cutText(message.title, limits.title),
      description: fitLines(message.lines, limits.lines).join('\n'),
    },
    externalURL,
    notification_reason: reasonOf(message),
    alerts: shown,
  };
}

interface SentAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

function alertsOf(message: Message): SentAlert[] {
  const { event, organization, title, url, createdAt } = message;
  const self: EventMember = {
    title,
    labels: event?.labels ?? { type: message.tone },
    openedAt: event?.openedAt ?? createdAt.toISOString(),
    resolvedAt: event?.resolvedAt ?? null,
    url,
  };
  const severity = severities[event?.severity ?? 'low'];
  return (event?.members ?? [self]).map((member) => {
    const { type, ...labels } = member.labels;
    const named = { alertname: type ?? 'watchkeeper', ...labels, severity, organization: organization.slug };
    return {
      status: member.resolvedAt === null ? 'firing' : 'resolved',
      labels: named,
      annotations: { summary: cutText(member.title, limits.title) },
      startsAt: member.openedAt,
      endsAt: member.resolvedAt ?? noEnd,
      generatorURL: member.url,
      fingerprint: fingerprintOf(named),
    };
  });
}

/** Labels that all alerts have with the same value. */
function shared(alerts: readonly SentAlert[], names: readonly string[]): Record<string, string> {
  const [first, ...rest] = alerts;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = first?.labels[name];
      const isShared = value !== undefined && rest.every(({ labels }) => labels[name] === value);
      return isShared ? [[name, value]] : [];
    }),
  );
}

function reasonOf({ event, tone }: Message): string {
  if (tone === testTone) return 'test';
  switch (event?.kind) {
    case 'resolved':
      return 'all alerts resolved';
    case 'changed':
      return 'alerts changed';
    case 'acknowledged':
      return 'acknowledged';
    default:
      return 'first notification';
  }
}
