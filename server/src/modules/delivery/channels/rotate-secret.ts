import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { sealConfig } from '#platform/kinds/secrets';
import { channelKinds } from '../registry.ts';
import { record } from './channel-writes.ts';
import { generateSecrets } from './generate-secrets.ts';
import { openChannel } from './open-channel.ts';
import { lockChannel, updateChannelRow } from './store.ts';

/** Replaces the secrets that we made. For a channel of the environment this is the only way to see its secret. */
export async function rotateSecret(
  ctx: Pick<Ctx, 'db' | 'clock' | 'vault' | 'live' | 'events' | 'parts'>,
  scope: Scope,
  id: string,
): Promise<{ shown_once: Record<string, string> }> {
  requirePermission(scope, 'channels:write');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const channel = await lockChannel(tx, organizationId, id);
    if (channel === undefined) throw notFound('channel');
    const kind = channelKinds.get(channel.kind);
    const opened = openChannel(channel, ctx.vault);
    const before = opened.kind === undefined ? channel.config : opened.config;
    const kept = Object.entries(before).filter(([name]) => !Object.hasOwn(kind.generate, name));
    const { config, made } = generateSecrets(kind, Object.fromEntries(kept));
    if (Object.keys(made).length === 0) {
      throw new AppError(
        'conflict',
        `A channel of kind "${kind.kind}" has no secret that this server creates.`,
      );
    }
    const change = { ...channel, ...sealConfig(kind, config, ctx.vault) };
    await updateChannelRow(tx, organizationId, id, change, nowDate(ctx.clock));
    await record({ ctx, tx, scope }, 'channel.secret_rotated', channel);
    return { shown_once: made };
  });
}
