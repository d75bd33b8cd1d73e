import type { Ctx } from '../context.ts';
import { invalidFields } from '../errors.ts';
import type { ConnectingKind } from './fields.ts';
import type { KindConfig } from './registry.ts';

/**
 * Refuses a target that the outbound policy will refuse, so that the person who saves it learns it at
 * once and not by an alert. A target that is already stored stays: its check can still be renamed or
 * paused.
 * @throws validation_failed.
 */
export function refuseTargets(
  { outbound }: Pick<Ctx, 'outbound'>,
  kind: ConnectingKind,
  config: KindConfig,
  before?: KindConfig,
): void {
  const known = new Set(before === undefined ? [] : hostsOf(kind, before).map(({ host }) => host));
  const errors = hostsOf(kind, config).flatMap(({ field, host, port }) => {
    const message = known.has(host) ? undefined : outbound.knownRefusal(host, port)?.replace(/\.$/, '');
    return message === undefined ? [] : [{ field: `config.${field}`, message }];
  });
  if (errors.length > 0) throw invalidFields(errors);
}

/** The stored config may be too old for the current version of its kind. */
function hostsOf(kind: ConnectingKind, config: KindConfig) {
  try {
    return kind.hosts?.(config) ?? [];
  } catch {
    return [];
  }
}
