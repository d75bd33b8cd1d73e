import Type, { type Static } from 'typebox';
import { vetHeaders } from '#platform/outbound/hop';
import { OutboundRefused } from '#platform/outbound/outbound';
import { defineChannelKind } from '../kind.ts';
import { post } from '../senders/http-outcome.ts';
import { newWebhookSecret, signWebhook } from '../senders/standard-webhooks.ts';
import { TemplateFault, templateFault } from '../senders/template.ts';
import { templatedBody, templateTypes } from '../senders/webhook-template.ts';
import type { Message } from '../topics/message.ts';

/** Keeps a message of full alerts well below the 20 kB that receivers are told to expect. */
const itemsPerMessageMax = 25;

/** Headers that this channel sets itself. */
const ownHeaders = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];

const schema = Type.Object(
  {
    url: Type.String({
      title: 'URL',
      description: 'Where to POST. Answer 2xx; redirects are not followed.',
      format: 'uri',
      pattern: '^https?://',
      patternHelp: 'Begin with https:// or http://.',
      examples: ['https://hooks.example.com/watchkeeper'],
      maxLength: 2_000,
    }),
    secret: Type.Optional(
      Type.String({
        title: 'Signing secret',
        description:
          'whsec_ and base64, or any text of 16 characters or more. Created for you when left empty.',
        minLength: 16,
        maxLength: 200,
      }),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" }),
        Type.String({ maxLength: 4_000 }),
        {
          title: 'Headers',
          description: 'Optional. Sent with each message, such as Authorization. They are kept as a secret.',
          maxProperties: 20,
          advanced: true,
        },
      ),
    ),
    body_template: Type.Optional(
      Type.String({
        title: 'Template of the body',
        description:
          'Optional, in Mustache. Without it, the body is our JSON. Names: title, text, url, type, id, timestamp, organization.name, event.kind, event.severity, event.priority, event.labels.site, data, and {{#lines}}{{.}}{{/lines}}.',
        minLength: 1,
        maxLength: 10_000,
        examples: ['{"text": "{{title}}: {{url}}"}'],
        advanced: true,
      }),
    ),
    body_type: Type.Optional(
      Type.Enum([...templateTypes], {
        title: 'Type of the body',
        description: 'Of the template. Values are written so that they fit into it. Left empty: JSON.',
        advanced: true,
      }),
    ),
  },
  { additionalProperties: false },
);
type WebhookConfig = Static<typeof schema>;

export const webhook = defineChannelKind({
  kind: 'webhook',
  label: 'Webhook',
  help: 'POSTs JSON to your URL, or what a template of yours makes of it, signed after Standard Webhooks: verify webhook-signature with the secret and ignore a webhook-id you have seen.',
  schema,
  secrets: ['secret', 'headers'],
  urls: ['url'],
  generate: { secret: newWebhookSecret },
  capabilities: { itemsPerMessageMax, thread: false, buttons: false, unsubscribe: false },
  fixture: {
    url: 'https://hooks.example.com/watchkeeper',
    secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  },
  check: mistakesIn,
  // The path may carry a token, so the ledger names the host only.
  recipients: (config) => [{ label: new URL(config.url).host, identity: config.url }],
  target: (config) => new URL(config.url).host,
  async send(config, message, deps) {
    const { body_type: type = 'application/json', headers = {} } = config;
    let body: string;
    try {
      body = bodyOf(config, message);
    } catch (error) {
      if (error instanceof TemplateFault) return { outcome: 'permanent', reason: error.message };
      throw error;
    }
    const signed = signWebhook(config.secret ?? '', message.id, deps.clock.now(), body);
    return await post(
      { url: config.url, headers: { ...headers, 'content-type': type, ...signed }, body },
      deps,
    );
  },
});

/** @throws TemplateFault */
function bodyOf(
  { body_template: template, body_type: type = 'application/json' }: WebhookConfig,
  message: Message,
) {
  if (template !== undefined) return templatedBody(template, type, message);
  const { payload, createdAt } = message;
  return JSON.stringify({ type: payload.type, timestamp: createdAt.toISOString(), data: payload.data });
}

function mistakesIn({ headers = {}, body_template: template, body_type: type }: WebhookConfig) {
  const fault = template === undefined ? undefined : templateFault(template);
  return [
    ...Object.entries(headers).flatMap(([name, value]) => {
      const message = refusedHeader(name, value);
      return message === undefined ? [] : [{ field: `headers.${name}`, message }];
    }),
    ...(fault === undefined ? [] : [{ field: 'body_template', message: fault }]),
    ...(type !== undefined && template === undefined
      ? [{ field: 'body_type', message: 'is the type of a template: give one, or leave this empty' }]
      : []),
  ];
}

function refusedHeader(name: string, value: string): string | undefined {
  if (ownHeaders.includes(name.toLowerCase())) return 'is set by this server';
  try {
    vetHeaders({ [name]: value });
    return undefined;
  } catch (error) {
    if (error instanceof OutboundRefused) return error.message;
    throw error;
  }
}
