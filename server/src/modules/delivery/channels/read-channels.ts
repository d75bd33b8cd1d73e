import { listLimitDefault } from '@watchkeeper/contracts';
import type { ChannelKindDescription, ListedChannel } from '@watchkeeper/contracts/notifications';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { channelKinds, describeChannelKind } from '../registry.ts';
import { toListedChannel } from './channel-view.ts';
import {
  type ChannelRow,
  findChannel,
  type LastResultRow,
  readLastResults,
  selectChannelPage,
} from './store.ts';

type ReadCtx = Pick<Ctx, 'config' | 'db' | 'vault'>;

export async function listChannels(
  ctx: ReadCtx,
  scope: Scope,
  query: { limit?: number; cursor?: string },
): Promise<{ data: ListedChannel[]; next_cursor: string | null }> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const after = decodeTimeCursor(query.cursor);
  const { rows, last } = await ctx.db.tenant(scope.organizationId, async (tx) => {
    const page = await selectChannelPage(tx, scope.organizationId, { after, limit: limit + 1 });
    return { rows: page, last: await lastResults(tx, scope, page) };
  });
  return toPage(
    rows,
    limit,
    (row) => [row.created_at.toISOString(), row.id],
    (row) => toListedChannel(row, last.get(row.id), scope, ctx),
  );
}

export async function getChannel(
  ctx: ReadCtx,
  scope: Scope,
  id: string,
): Promise<{ channel: ListedChannel; version: number }> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await findChannel(tx, scope.organizationId, id);
    if (row === undefined) throw notFound('channel');
    const last = (await lastResults(tx, scope, [row])).get(id);
    return { channel: toListedChannel(row, last, scope, ctx), version: row.version };
  });
}

async function lastResults(
  tx: Tx,
  scope: Scope,
  rows: readonly ChannelRow[],
): Promise<ReadonlyMap<string, LastResultRow>> {
  const ids = rows.map((row) => row.id);
  const results = await readLastResults(tx, scope.organizationId, ids);
  return new Map(results.map((result) => [result.channel_id, result]));
}

export function listChannelKinds(ctx: Pick<Ctx, 'config'>, scope: Scope): ChannelKindDescription[] {
  requirePermission(scope, 'read');
  return channelKinds.all.map((kind) => describeChannelKind(kind, ctx.config));
}
