import { audit, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import type { KindConfig } from '#platform/kinds/registry';
import { sealConfig } from '#platform/kinds/secrets';
import { requireConsent } from '../inbound/require-consent.ts';
import type { ChannelKind } from '../kind.ts';
import { lockWaitingRows, withdrawRows } from '../queue/message-store.ts';
import { toAuditRecord } from './channel-view.ts';
import { openChannel } from './open-channel.ts';
import { tellOfRename } from './renamed.ts';
import {
  type ChannelRow,
  channelsPerOrganizationMax,
  countChannels,
  deleteChannelRow,
  findChannel,
  insertChannel,
  updateChannelRow,
} from './store.ts';

/** One transaction on behalf of one caller; each write in it leaves its audit record and its live change. */
export interface ChannelWork {
  readonly ctx: Pick<Ctx, 'clock' | 'vault' | 'live' | 'events' | 'parts'>;
  readonly tx: Tx;
  readonly scope: Scope;
}

/** A channel as somebody wants it, its config already parsed and vetted. */
export type ChannelDraft = Pick<
  ChannelRow,
  'name' | 'min_severity' | 'enabled' | 'escalation_only' | 'routing'
> & {
  readonly config: KindConfig;
};

export async function addChannel(
  work: ChannelWork,
  kind: ChannelKind,
  draft: ChannelDraft,
  environmentKey: string | null = null,
): Promise<ChannelRow> {
  const { ctx, tx, scope } = work;
  requireConsent(ctx, scope, kind, draft.config);
  if ((await countChannels(tx, scope.organizationId)) >= channelsPerOrganizationMax) {
    const most = `An organization has at most ${channelsPerOrganizationMax} channels. Delete one first.`;
    throw new AppError('conflict', most);
  }
  const channel = {
    ...draft,
    ...sealConfig(kind, draft.config, ctx.vault),
    id: newId(),
    kind: kind.kind,
    managed_by: environmentKey === null ? null : 'environment',
    environment_key: environmentKey,
  };
  await insertChannel(tx, scope.organizationId, channel, nowDate(ctx.clock));
  await record(work, 'channel.created', channel, { after: toAuditRecord(kind, draft, draft.config) });
  return await written(work, channel.id);
}

export async function changeChannel(
  work: ChannelWork,
  kind: ChannelKind,
  before: ChannelRow,
  draft: ChannelDraft,
  offReason = 'The channel was switched off.',
): Promise<ChannelRow> {
  const { ctx, tx, scope } = work;
  const opened = openChannel(before, ctx.vault);
  requireConsent(ctx, scope, kind, draft.config, opened.kind === undefined ? {} : opened.config);
  const change = { ...draft, ...sealConfig(kind, draft.config, ctx.vault) };
  await updateChannelRow(tx, scope.organizationId, before.id, change, nowDate(ctx.clock));
  if (before.enabled && !draft.enabled) await withdrawWaiting(work, before.id, offReason);
  await tellOfRename(work, before, draft.name);
  await record(
    work,
    'channel.updated',
    { id: before.id, name: draft.name },
    {
      before: opened.kind === undefined ? {} : toAuditRecord(kind, before, opened.config),
      after: toAuditRecord(kind, draft, draft.config),
    },
  );
  return await written(work, before.id);
}

/** The ledger keeps the messages that were sent on it. */
export async function removeChannel(work: ChannelWork, channel: ChannelRow): Promise<void> {
  const { ctx, tx, scope } = work;
  const opened = openChannel(channel, ctx.vault);
  await withdrawWaiting(work, channel.id, 'The channel was deleted.');
  await deleteChannelRow(tx, scope.organizationId, channel.id);
  const before = opened.kind === undefined ? {} : toAuditRecord(opened.kind, channel, opened.config);
  await record(work, 'channel.deleted', channel, { before });
}

/** An audit record and a live change, in the transaction of the write. */
export async function record(
  { ctx, tx, scope }: ChannelWork,
  action: string,
  channel: { id: string; name: string },
  records: { before?: object; after?: object } = {},
): Promise<void> {
  await audit(tx, scope, {
    action,
    target: { kind: 'channel', id: channel.id, name: channel.name },
    ...records,
  });
  await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'channel', ids: [channel.id] });
}

/** Withdraws messages that wait on a channel that was switched off or deleted. */
async function withdrawWaiting(
  { ctx, tx, scope }: ChannelWork,
  channelId: string,
  reason: string,
): Promise<void> {
  const now = nowDate(ctx.clock);
  const ids = await lockWaitingRows(tx, scope.organizationId, channelId);
  const rows = ids.map((notificationId) => ({ notificationId, reason }));
  await withdrawRows(tx, scope.organizationId, rows, now);
}

async function written({ tx, scope }: ChannelWork, id: string): Promise<ChannelRow> {
  const row = await findChannel(tx, scope.organizationId, id);
  if (row === undefined) throw new Error('The channel just written is not there.');
  return row;
}
