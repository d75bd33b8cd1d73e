import type { ChannelCreate, ChannelCreated } from '@watchkeeper/contracts/notifications';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { toAuditRecord, toChannel } from './channel-view.ts';
import { getChannelKind, parseChannelConfig } from './registry.ts';
import { generateSecrets, sealSettings } from './settings.ts';
import { channelsPerOrganizationMax, countChannels, findChannel, insertChannel } from './store.ts';
import { vetUrls } from './vet-urls.ts';

type CreateCtx = Pick<Ctx, 'db' | 'clock' | 'vault' | 'outbound' | 'live'>;

export async function createChannel(
  ctx: CreateCtx,
  scope: Scope,
  input: ChannelCreate,
): Promise<{ channel: ChannelCreated; version: number }> {
  requirePermission(scope, 'channels:write');
  const kind = getChannelKind(input.kind);
  const { config, made } = generateSecrets(kind, parseChannelConfig(kind, input.config));
  await vetUrls(ctx, kind, config);
  const now = nowDate(ctx.clock);
  const channel = {
    id: newId(),
    kind: kind.kind,
    name: input.name,
    ...sealSettings(kind, config, ctx.vault),
    min_severity: input.min_severity ?? 'low',
    enabled: input.enabled ?? true,
    escalation_only: input.escalation_only ?? false,
    managed_by: null,
    environment_key: null,
  };
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    if ((await countChannels(tx, scope.organizationId)) >= channelsPerOrganizationMax) {
      throw new AppError(
        'conflict',
        `An organization has at most ${channelsPerOrganizationMax} channels. Delete one first.`,
      );
    }
    await insertChannel(tx, scope.organizationId, channel, now);
    await audit(tx, scope, {
      action: 'channel.created',
      target: { kind: 'channel', id: channel.id, name: channel.name },
      after: toAuditRecord(kind, channel, config),
    });
    await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'channel', ids: [channel.id] });
    const row = await findChannel(tx, scope.organizationId, channel.id);
    if (row === undefined) throw new Error('The channel just written is not there.');
    const shownOnce = Object.keys(made).length === 0 ? {} : { shown_once: made };
    return { channel: { ...toChannel(row, scope, ctx.vault), ...shownOnce }, version: row.version };
  });
}
