import type { Ctx } from '../context.ts';
import { invalidFields } from '../errors.ts';
import type { ConnectingKind } from './fields.ts';
import type { KindConfig } from './registry.ts';

/**
 * A target that the outbound policy will refuse is told to whoever saves it, with the way out, instead of by an alert.
 * One that is already kept stays: a check of it can still be renamed or paused. @throws validation_failed.
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

/** What was kept may be too old for the kind as it is now. */
function hostsOf(kind: ConnectingKind, config: KindConfig) {
  try {
    return kind.hosts?.(config) ?? [];
  } catch {
    return [];
  }
}
