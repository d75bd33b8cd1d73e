import { isDeepStrictEqual } from 'node:util';
import type { Channel, ChannelUpdate } from '@watchkeeper/contracts/notifications';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, invalidField, notFound } from '#platform/errors';
import { toAuditRecord, toChannel } from './channel-view.ts';
import { lockWaitingRows, withdrawRows } from './delivery-store.ts';
import type { ChannelKind } from './kind.ts';
import { type ChannelConfig, getChannelKind, parseChannelConfig } from './registry.ts';
import { keepSecrets, openSettings, sealSettings } from './settings.ts';
import { type ChannelRow, findChannel, lockChannel, updateChannelRow } from './store.ts';
import { vetUrls } from './vet-urls.ts';

type UpdateCtx = Pick<Ctx, 'db' | 'clock' | 'vault' | 'outbound' | 'live'>;

/** `checkVersion` is the caller's If-Match. */
export async function updateChannel(
  ctx: UpdateCtx,
  scope: Scope,
  id: string,
  input: ChannelUpdate,
  checkVersion: (version: number) => void,
): Promise<{ channel: Channel; version: number }> {
  requirePermission(scope, 'channels:write');
  const { organizationId } = scope;
  const seen = await ctx.db.tenant(organizationId, (tx) => findChannel(tx, organizationId, id));
  if (seen === undefined) throw notFound('channel');
  // Names are resolved outside the transaction: a slow resolver must not hold a row.
  const kind = getChannelKind(seen.kind);
  const proposed = nextConfig(ctx, kind, seen, input);
  await vetUrls(ctx, kind, proposed);

  return await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockChannel(tx, organizationId, id);
    if (before === undefined) throw notFound('channel');
    checkVersion(before.version);
    const config = nextConfig(ctx, kind, before, input);
    const change = {
      name: input.name,
      ...sealSettings(kind, config, ctx.vault),
      min_severity: input.min_severity ?? before.min_severity,
      enabled: input.enabled ?? before.enabled,
      escalation_only: input.escalation_only ?? before.escalation_only,
    };
    const configBefore = openSettings(before, ctx.vault);
    requireEnvironmentsOwn(before, change.enabled, isDeepStrictEqual(config, configBefore));
    const now = nowDate(ctx.clock);
    await updateChannelRow(tx, organizationId, id, change, now);
    if (before.enabled && !change.enabled)
      await withdrawWaiting(tx, organizationId, id, 'The channel was switched off.', now);
    await audit(tx, scope, {
      action: 'channel.updated',
      target: { kind: 'channel', id, name: change.name },
      before: toAuditRecord(kind, before, configBefore),
      after: toAuditRecord(kind, change, config),
    });
    await ctx.live.publish(tx, { organizationId, topic: 'channel', ids: [id] });
    const row = await findChannel(tx, organizationId, id);
    if (row === undefined) throw notFound('channel');
    return { channel: toChannel(row, scope, ctx.vault), version: row.version };
  });
}

function nextConfig(ctx: UpdateCtx, kind: ChannelKind, row: ChannelRow, input: ChannelUpdate): ChannelConfig {
  if (input.kind !== undefined && input.kind !== row.kind) {
    throw invalidField('kind', `is "${row.kind}" and cannot be changed; create a new channel instead`);
  }
  return parseChannelConfig(kind, keepSecrets(kind, input.config, openSettings(row, ctx.vault)));
}

/** The next start would undo it, so it is refused with the place to change it. */
function requireEnvironmentsOwn(before: ChannelRow, enabled: boolean, sameConfig: boolean): void {
  if (before.managed_by !== 'environment' || (sameConfig && enabled === before.enabled)) return;
  throw new AppError(
    'conflict',
    "The server's environment variables decide the config of this channel and whether it is on. Change them there; name and severity can be changed here.",
  );
}

/** Closes what waits on a channel that was switched off or deleted. */
export async function withdrawWaiting(
  tx: Tx,
  organizationId: string,
  channelId: string,
  reason: string,
  now: Date,
): Promise<void> {
  const ids = await lockWaitingRows(tx, organizationId, channelId, now);
  await withdrawRows(
    tx,
    organizationId,
    ids.map((notificationId) => ({ notificationId, reason })),
    now,
  );
}
