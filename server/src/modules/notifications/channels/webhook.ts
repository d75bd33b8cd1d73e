import Type from 'typebox';
import { post } from '../http-outcome.ts';
import { defineChannelKind } from '../kind.ts';
import { type Facts, type Message, toneOf } from '../message.ts';
import { newWebhookSecret, signWebhook } from '../standard-webhooks.ts';

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
          description: 'whsec_ and base64, or any text of 16 characters or more. Made for you when left out.',
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
  capabilities: { itemsPerMessageMax },
  fixture: {
    url: 'https://hooks.example.com/watchkeeper',
    secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  },
  // The path may carry a token, so the ledger names the host only.
  recipients: (config) => [{ label: new URL(config.url).host, identity: config.url }],
  target: (config) => new URL(config.url).host,
  async send(config, message, deps) {
    const body = JSON.stringify(bodyOf(message, deps.config.http.publicUrl));
    const signed = signWebhook(config.secret ?? '', message.id, deps.clock.now(), body);
    return await post(
      { url: config.url, headers: { 'content-type': 'application/json', ...signed }, body },
      deps,
    );
  },
});

/** One alert lies flat in `data`; several stand in `data.alerts`. The `type` says which. */
function bodyOf(message: Message, publicUrl: string): object {
  const shared = { organization: message.organization.slug, title: message.title, url: message.url };
  const timestamp = message.createdAt.toISOString();
  if (message.tone === 'test')
    return { type: 'test', timestamp, data: { ...shared, text: message.lines.join('\n') } };
  const [only] = message.items;
  if (message.items.length === 1 && only !== undefined) {
    const data = { ...alertOf(only, publicUrl), ...shared, text: message.lines.join('\n') };
    return { type: `alert.${toneOf(only.transition)}`, timestamp, data };
  }
  const alerts = message.items.map((item) => alertOf(item, publicUrl));
  return { type: `alerts.${message.tone}`, timestamp, data: { ...shared, count: alerts.length, alerts } };
}

function alertOf(facts: Facts, publicUrl: string): object {
  const tone = toneOf(facts.transition);
  return {
    id: facts.alert_id,
    event: tone,
    status: tone === 'resolved' ? 'resolved' : 'open',
    type: facts.type,
    severity: facts.severity,
    summary: facts.title,
    why: facts.why,
    site: facts.site === null ? null : { slug: facts.site.slug, name: facts.site.name },
    area: facts.area,
    device: facts.device,
    opened_at: facts.opened_at,
    resolved_at: facts.resolved_at,
    resolved_reason: facts.resolved_reason,
    action_taken: facts.action_taken ?? null,
    url: `${publicUrl}/alerts/${facts.alert_id}`,
  };
}
