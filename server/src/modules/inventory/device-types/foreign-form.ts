import type { FastifyRequest } from 'fastify';
import { acceptNames } from '#platform/http/spelling';

/** Methods by the names that other systems give them. */
const methods: Readonly<Record<string, string>> = { ninjaone_api: 'ninjaone', ubiquiti_api: 'unifi_access' };

const acceptRetries = acceptNames({ retry_count: 'retries' });

/**
 * A route hook for types as the club plan writes them: `retry_count` for `retries`, methods by the API they ask. There
 * `ping` is a ping on the network; in our own form it is a check that is waited for.
 */
export async function acceptForeignForm(request: FastifyRequest): Promise<void> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || !('check_method' in body)) return;
  const { check_method: method } = body;
  const isForeign = 'retry_count' in body;
  await acceptRetries(request);
  if (typeof method !== 'string') return;
  if (method === 'ping' && isForeign) body.check_method = 'icmp';
  else if (Object.hasOwn(methods, method)) body.check_method = methods[method];
}
