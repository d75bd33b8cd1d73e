import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { KindConfig } from '#platform/kinds/registry';
import type { ChannelKind } from '../kind.ts';
import { listTopics } from '../topics/topic.ts';

/**
 * A channel that takes callbacks may do what its buttons say. Nobody can give it more than they have themselves.
 * @throws forbidden
 */
export function requireConsent(
  ctx: Pick<Ctx, 'parts'>,
  scope: Scope,
  kind: ChannelKind,
  config: KindConfig,
  before: KindConfig = {},
): void {
  if (kind.inbound?.accepts(config) !== true) return;
  const isNew = kind.secrets.some((name) => config[name] !== before[name]);
  if (!isNew && kind.inbound.accepts(before)) return;
  for (const { actions } of listTopics(ctx))
    if (actions !== undefined) requirePermission(scope, actions.permission);
}
