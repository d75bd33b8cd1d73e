import type { ChannelRow } from './store.ts';

/** Why nothing can be sent on a channel at the moment. */
export function closedReason(
  channel: Pick<ChannelRow, 'enabled' | 'managed_by'>,
  unavailable: string | undefined,
): string | undefined {
  if (channel.enabled) return unavailable;
  return channel.managed_by === 'environment'
    ? "The channel is switched off by the server's environment."
    : 'The channel is switched off.';
}
