import Type from 'typebox';
import { defineChannelKind } from '../kind.ts';
import { post } from '../senders/http-outcome.ts';
import { newWebhookSecret, signWebhook } from '../senders/standard-webhooks.ts';
import type { Message } from '../topics/message.ts';

/** Keeps a message of full alerts well below the 20 kB that receivers are told to expect. */
const itemsPerMessageMax = 25;

export const webhook = defineChannelKind({
  kind: 'webhook',
  label: 'Webhook',
  help: 'POSTs JSON to your URL, signed after Standard Webhooks: verify webhook-signature with the secret and ignore a webhook-id you have seen.',
  schema: Type.Object(
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
    },
    { additionalProperties: false },
  ),
  secrets: ['secret'],
  urls: ['url'],
  generate: { secret: newWebhookSecret },
  capabilities: { itemsPerMessageMax, thread: false, buttons: false, unsubscribe: false },
  fixture: {
    url: 'https://hooks.example.com/watchkeeper',
    secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  },
  // The path may carry a token, so the ledger names the host only.
  recipients: (config) => [{ label: new URL(config.url).host, identity: config.url }],
  target: (config) => new URL(config.url).host,
  async send(config, message, deps) {
    const body = JSON.stringify(bodyOf(message));
    const signed = signWebhook(config.secret ?? '', message.id, deps.clock.now(), body);
    return await post(
      { url: config.url, headers: { 'content-type': 'application/json', ...signed }, body },
      deps,
    );
  },
});

function bodyOf({ payload, createdAt }: Message): object {
  return { type: payload.type, timestamp: createdAt.toISOString(), data: payload.data };
}
