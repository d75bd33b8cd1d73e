import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { removeChannel } from './channel-writes.ts';
import { lockChannel } from './store.ts';

export async function deleteChannel(
  ctx: Pick<Ctx, 'db' | 'clock' | 'vault' | 'live' | 'events' | 'parts'>,
  scope: Scope,
  id: string,
): Promise<void> {
  requirePermission(scope, 'channels:write');
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const channel = await lockChannel(tx, scope.organizationId, id);
    if (channel === undefined) throw notFound('channel');
    if (channel.managed_by === 'environment' && channel.enabled) {
      throw new AppError(
        'conflict',
        "The server's environment variables make this channel. Remove them and restart; then it can be deleted.",
      );
    }
    await removeChannel({ ctx, tx, scope }, channel);
  });
}
