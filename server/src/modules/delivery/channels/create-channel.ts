import type { ChannelCreate, ChannelCreated } from '@watchkeeper/contracts/notifications';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { channelKinds } from '../registry.ts';
import { toChannel } from './channel-view.ts';
import { addChannel } from './channel-writes.ts';
import { generateSecrets } from './generate-secrets.ts';
import { vetRouting } from './routing.ts';
import { vetUrls } from './vet-urls.ts';

export async function createChannel(
  ctx: Pick<Ctx, 'config' | 'db' | 'clock' | 'vault' | 'outbound' | 'live' | 'events' | 'parts'>,
  scope: Scope,
  input: ChannelCreate,
): Promise<{ channel: ChannelCreated; version: number }> {
  requirePermission(scope, 'channels:write');
  const kind = channelKinds.get(input.kind);
  const { config, made } = generateSecrets(kind, channelKinds.parse(kind, input.config));
  await vetUrls(ctx, kind, config);
  const draft = {
    name: input.name,
    config,
    min_severity: input.min_severity ?? 'low',
    enabled: input.enabled ?? true,
    escalation_only: input.escalation_only ?? false,
    routing: vetRouting(input.routing ?? null),
  };
  const row = await ctx.db.tenant(scope.organizationId, (tx) => addChannel({ ctx, tx, scope }, kind, draft));
  const shownOnce = Object.keys(made).length === 0 ? {} : { shown_once: made };
  return { channel: { ...toChannel(row, scope, ctx), ...shownOnce }, version: row.version };
}
