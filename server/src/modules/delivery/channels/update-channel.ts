import { isDeepStrictEqual } from 'node:util';
import type { Channel, ChannelUpdate } from '@watchkeeper/contracts/notifications';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, invalidField, notFound } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { keepSecrets } from '#platform/kinds/secrets';
import type { Vault } from '#platform/vault';
import type { ChannelKind } from '../kind.ts';
import { channelKinds } from '../registry.ts';
import { toChannel } from './channel-view.ts';
import { type ChannelDraft, changeChannel } from './channel-writes.ts';
import { openChannel } from './open-channel.ts';
import { vetRouting } from './routing.ts';
import { type ChannelRow, findChannel, lockChannel } from './store.ts';
import { vetUrls } from './vet-urls.ts';

/** `checkVersion` is the caller's If-Match. */
export async function updateChannel(
  ctx: Pick<Ctx, 'config' | 'db' | 'clock' | 'vault' | 'outbound' | 'live' | 'events' | 'parts'>,
  scope: Scope,
  id: string,
  input: ChannelUpdate,
  checkVersion: (version: number) => void,
): Promise<{ channel: Channel; version: number }> {
  requirePermission(scope, 'channels:write');
  const seen = await ctx.db.tenant(scope.organizationId, (tx) => findChannel(tx, scope.organizationId, id));
  if (seen === undefined) throw notFound('channel');
  if (input.kind !== undefined && input.kind !== seen.kind) {
    throw invalidField('kind', `is "${seen.kind}" and cannot be changed; create a new channel instead`);
  }
  const kind = channelKinds.get(seen.kind);
  // Names are resolved outside the transaction: a slow resolver must not hold a row.
  await vetUrls(ctx, kind, nextConfig(ctx.vault, kind, seen, input.config));
  const row = await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await lockChannel(tx, scope.organizationId, id);
    if (before === undefined) throw notFound('channel');
    checkVersion(before.version);
    const draft = toDraft(before, input, nextConfig(ctx.vault, kind, before, input.config));
    requireEnvironmentsOwn(ctx.vault, before, draft);
    return await changeChannel({ ctx, tx, scope }, kind, before, draft);
  });
  return { channel: toChannel(row, scope, ctx), version: row.version };
}

/** Fields that the change leaves out stay as they are. */
export function toDraft(
  before: ChannelRow,
  input: Pick<ChannelUpdate, 'name' | 'min_severity' | 'enabled' | 'escalation_only' | 'routing'>,
  config: KindConfig,
): ChannelDraft {
  return {
    name: input.name,
    config,
    min_severity: input.min_severity ?? before.min_severity,
    enabled: input.enabled ?? before.enabled,
    escalation_only: input.escalation_only ?? before.escalation_only,
    routing: input.routing === undefined ? before.routing : vetRouting(input.routing),
  };
}

/** The new config with the secrets it leaves alone. @throws validation_failed */
export function nextConfig(
  vault: Vault,
  kind: ChannelKind,
  before: ChannelRow,
  config: KindConfig,
): KindConfig {
  const opened = openChannel(before, vault);
  // Secrets that cannot be opened are to be entered again, so they count as missing.
  return channelKinds.parse(kind, keepSecrets(kind, config, opened.kind === undefined ? {} : opened.config));
}

/** The next start would undo it, so it is refused with the place to change it. */
function requireEnvironmentsOwn(vault: Vault, before: ChannelRow, draft: ChannelDraft): void {
  if (before.managed_by !== 'environment') return;
  const opened = openChannel(before, vault);
  const sameConfig = opened.kind !== undefined && isDeepStrictEqual(draft.config, opened.config);
  if (sameConfig && draft.enabled === before.enabled) return;
  throw new AppError(
    'conflict',
    "The server's environment variables decide the config of this channel and whether it is on. Change them there; name and severity can be changed here.",
  );
}
