import type { ChannelKindDescription } from '@watchkeeper/contracts/notifications';
import type { Config } from '#config';
import { createRegistry } from '#platform/kinds/registry';
import type { ChannelKind } from './kind.ts';
import * as all from './kinds/all.ts';

export const channelKinds = createRegistry<ChannelKind>(Object.values(all));

/** The description of a kind for forms, docs and the API. */
export function describeChannelKind(
  kind: ChannelKind,
  config: Pick<Config, 'email'>,
): ChannelKindDescription {
  const reason = kind.unavailable?.(config);
  const { example: _example, ...described } = channelKinds.describe(kind);
  return {
    ...described,
    generated: Object.keys(kind.generate),
    available: reason === undefined,
    unavailable_reason: reason ?? null,
  };
}
