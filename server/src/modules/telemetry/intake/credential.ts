import type { IncomingHttpHeaders } from 'node:http';
import { deviceTokenPrefix } from '#modules/identity';
import type { Ctx } from '#platform/context';

/** The device token of a request, undefined when it carries none (it may carry another credential). */
export function deviceTokenOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    // The usual spelling first: this runs once per heartbeat.
    if (authorization.startsWith('Bearer wkd_')) return authorization.slice(7);
    const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
    return token?.startsWith(deviceTokenPrefix) === true ? token : undefined;
  }
  const header = headers['x-device-token'];
  return typeof header === 'string' && header !== '' ? header : undefined;
}

/** Whether callers without a credential may send and read heartbeats (HEARTBEAT_AUTH=open). */
export function isOpen(ctx: Pick<Ctx, 'config'>, headers: IncomingHttpHeaders): boolean {
  return ctx.config.heartbeat.auth === 'open' && headers.authorization === undefined;
}
