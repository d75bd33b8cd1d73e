import { listLimitDefault } from '@watchkeeper/contracts';
import type { Channel, ChannelKindDescription } from '@watchkeeper/contracts/notifications';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { toChannel } from './channel-view.ts';
import { channelKinds, describeChannelKind } from './registry.ts';
import { findChannel, selectChannelPage } from './store.ts';

type ReadCtx = Pick<Ctx, 'db' | 'vault'>;

export async function listChannels(
  ctx: ReadCtx,
  scope: Scope,
  query: { limit?: number; cursor?: string },
): Promise<{ data: Channel[]; next_cursor: string | null }> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const after = decodeTimeCursor(query.cursor);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectChannelPage(tx, scope.organizationId, { after, limit: limit + 1 }),
  );
  return toPage(
    rows,
    limit,
    (row) => [row.created_at.toISOString(), row.id],
    (row) => toChannel(row, scope, ctx.vault),
  );
}

export async function getChannel(
  ctx: ReadCtx,
  scope: Scope,
  id: string,
): Promise<{ channel: Channel; version: number }> {
  requirePermission(scope, 'read');
  const row = await ctx.db.tenant(scope.organizationId, (tx) => findChannel(tx, scope.organizationId, id));
  if (row === undefined) throw notFound('channel');
  return { channel: toChannel(row, scope, ctx.vault), version: row.version };
}

export function listChannelKinds(ctx: Pick<Ctx, 'config'>, scope: Scope): ChannelKindDescription[] {
  requirePermission(scope, 'read');
  return [...channelKinds.values()].map((kind) => describeChannelKind(kind, ctx.config));
}
