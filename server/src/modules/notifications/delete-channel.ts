import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { toAuditRecord } from './channel-view.ts';
import { openChannel } from './open-channel.ts';
import { deleteChannelRow, lockChannel } from './store.ts';
import { withdrawWaiting } from './update-channel.ts';

/** The ledger keeps what was told on it. */
export async function deleteChannel(
  ctx: Pick<Ctx, 'db' | 'clock' | 'vault' | 'live'>,
  scope: Scope,
  id: string,
): Promise<void> {
  requirePermission(scope, 'channels:write');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const channel = await lockChannel(tx, organizationId, id);
    if (channel === undefined) throw notFound('channel');
    if (channel.managed_by === 'environment' && channel.enabled) {
      throw new AppError(
        'conflict',
        "The server's environment variables make this channel. Remove them and restart; then it can be deleted.",
      );
    }
    await withdrawWaiting(tx, organizationId, id, 'The channel was deleted.', nowDate(ctx.clock));
    await deleteChannelRow(tx, organizationId, id);
    const opened = openChannel(channel, ctx.vault);
    await audit(tx, scope, {
      action: 'channel.deleted',
      target: { kind: 'channel', id, name: channel.name },
      before: opened.kind === undefined ? null : toAuditRecord(opened.kind, channel, opened.config),
    });
    await ctx.live.publish(tx, { organizationId, topic: 'channel', ids: [id] });
  });
}
