import type { FieldError } from '../errors.ts';
import { refusedAuthority } from '../exchange/certificate.ts';
import { type ConnectingKind, refusedHost } from './fields.ts';
import type { KindConfig } from './registry.ts';

/** Checks for all kinds that connect to something: their hosts, and their own certificate authority. */
export function mistakesInTargets(kind: ConnectingKind, config: KindConfig): FieldError[] {
  const hosts = kind.hosts?.(config) ?? [];
  const ca = typeof config.ca === 'string' ? refusedAuthority(config.ca) : undefined;
  return [...hosts.flatMap(({ field, host }) => mistake(field, refusedHost(host))), ...mistake('ca', ca)];
}

function mistake(field: string, message: string | undefined): FieldError[] {
  return message === undefined ? [] : [{ field, message }];
}
