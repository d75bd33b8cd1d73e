import type { FastifyRequest } from 'fastify';

/** Methods by the names that other systems give them. */
const methods: Readonly<Record<string, string>> = { ninjaone_api: 'ninjaone', ubiquiti_api: 'unifi_access' };

/**
 * A route hook for types as the club plan writes them: `retry_count` for `retries`, methods by the API they ask. There
 * `ping` is a ping on the network; in our own form it is a check that is waited for.
 */
export async function acceptForeignForm(request: FastifyRequest): Promise<void> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const fields: Record<string, unknown> = { ...body };
  const method = fields.check_method;
  if (typeof method === 'string' && method in methods) fields.check_method = methods[method];
  if ('retry_count' in fields && !('retries' in fields)) {
    const { retry_count: retries, ...rest } = fields;
    request.body = { ...rest, retries, ...(method === 'ping' ? { check_method: 'icmp' } : {}) };
  } else request.body = fields;
}
