import type { FieldError } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { refusedAuthority } from './certificate.ts';
import { type NamedHost, refusedHost } from './fields.ts';

/** What is the same in all kinds that connect to somebody: the hosts that they name, and an authority of their own. */
export function mistakesInTargets(
  kind: { readonly hosts?: (config: KindConfig) => readonly NamedHost[] },
  config: KindConfig,
): FieldError[] {
  const hosts = kind.hosts?.(config) ?? [];
  const ca = typeof config.ca === 'string' ? refusedAuthority(config.ca) : undefined;
  return [...hosts.flatMap(({ field, host }) => mistake(field, refusedHost(host))), ...mistake('ca', ca)];
}

function mistake(field: string, message: string | undefined): FieldError[] {
  return message === undefined ? [] : [{ field, message }];
}
