import type { Config } from '#config';
import type { KindConfig } from '#platform/kinds/registry';
import { openConfig } from '#platform/kinds/secrets';
import type { Vault } from '#platform/vault';
import type { ChannelKind } from '../kind.ts';
import { channelKinds } from '../registry.ts';
import type { ChannelRow } from './store.ts';
import { type Support, unsupportedReason } from './support.ts';

export type OpenedChannel =
  | { readonly kind: ChannelKind; readonly config: KindConfig }
  | { readonly kind: undefined; readonly reason: string };

/** A stored channel, ready to use. One that cannot be opened must not keep the others from being told. */
export function openChannel(row: ChannelRow, vault: Vault): OpenedChannel {
  const kind = channelKinds.find(row.kind);
  if (kind === undefined) return { kind, reason: `This release does not know the kind "${row.kind}".` };
  try {
    return { kind, config: openConfig(row, vault) };
  } catch {
    return {
      kind: undefined,
      reason: "The channel's secrets were sealed under another SECRET_KEY. Enter them again.",
    };
  }
}

/** Why nothing can be sent on a channel at the moment. */
export function closedReason(
  row: Pick<ChannelRow, 'enabled' | 'managed_by'>,
  kind: ChannelKind,
  config: Pick<Config, 'email'>,
  support: Support,
): string | undefined {
  if (row.enabled) return unsupportedReason(kind, config, support);
  return row.managed_by === 'environment'
    ? "The channel is switched off by the server's environment."
    : 'The channel is switched off.';
}
