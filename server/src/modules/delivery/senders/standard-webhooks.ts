import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const generatedSecretBytes = 32;

/** `whsec_` and base64, as receivers' Standard Webhooks libraries take it. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(generatedSecretBytes).toString('base64');
}

/** Headers of one attempt: the id is the receiver's idempotency key, the time is of this attempt. */
export function signWebhook(secret: string, id: string, atMs: number, body: string): Record<string, string> {
  const timestamp = Math.floor(atMs / 1000);
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}

/** A secret in another form than whsec_ is used as the bytes of its text. */
function keyOf(secret: string): Buffer {
  return secret.startsWith(prefix)
    ? Buffer.from(secret.slice(prefix.length), 'base64')
    : Buffer.from(secret, 'utf8');
}
