import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import type { CheckKind } from './kind.ts';

type Named = Pick<CheckKind, 'hosts'>;

/**
 * A target that the outbound policy will refuse is told to whoever saves it, with the way out, instead of by an alert.
 * One that is already kept stays: a check of it can still be renamed or paused. @throws validation_failed.
 */
export function refuseTargets(
  { outbound }: Pick<Ctx, 'outbound'>,
  kind: Named,
  config: KindConfig,
  before?: KindConfig,
): void {
  const known = new Set(before === undefined ? [] : hostsOf(kind, before).map(({ host }) => host));
  const errors = hostsOf(kind, config).flatMap(({ field, host, port }) => {
    const message = known.has(host) ? undefined : outbound.knownRefusal(host, port)?.replace(/\.$/, '');
    return message === undefined ? [] : [{ field: `config.${field}`, message }];
  });
  const first = errors[0];
  if (first !== undefined)
    throw new AppError('validation_failed', `${first.field}: ${first.message}.`, { errors });
}

/** What was kept may be too old for the kind as it is now. */
function hostsOf(kind: Named, config: KindConfig) {
  try {
    return kind.hosts?.(config) ?? [];
  } catch {
    return [];
  }
}
