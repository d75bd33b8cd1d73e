import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { bundleRows } from './bundle.ts';
import {
  countRecentMessages,
  insertMessages,
  insertNotifications,
  lockOpenDigests,
  selectNewTransitions,
  selectTold,
} from './ledger-store.ts';
import { closedReason, openChannel } from './open-channel.ts';
import { type PlanChannel, type PlannedRow, planNotifications } from './plan.ts';
import { channelKinds } from './registry.ts';
import { type ChannelRow, selectChannels } from './store.ts';
import type { Support } from './support.ts';

const rateWindowSeconds = 60;

export interface Transitions {
  readonly organizationId: string;
  /** Each of another alert: what one alert is told of its end rests on what was written of its beginning. */
  readonly ids: readonly string[];
  readonly support: Support;
}

export type TellCtx = Pick<Ctx, 'db' | 'clock' | 'live' | 'vault' | 'config' | 'log'>;

/**
 * Writes the ledger for these transitions, and with it the messages, in the caller's transaction, which holds
 * the ledger's lock. What the ledger knows already is left alone.
 */
export async function tellTransitions(
  ctx: TellCtx,
  tx: Tx,
  { organizationId, ids, support }: Transitions,
): Promise<void> {
  const transitions = await selectNewTransitions(tx, organizationId, ids);
  if (transitions.length === 0) return;
  const channels = await selectChannels(tx, organizationId);
  const rows = planNotifications({
    transitions,
    channels: channels.map((channel) => toPlanChannel(ctx, channel, support)),
    told: await selectTold(
      tx,
      organizationId,
      transitions.map((transition) => transition.alertId),
    ),
  });
  await writeRows(ctx, tx, organizationId, rows);
}

async function writeRows(
  ctx: TellCtx,
  tx: Tx,
  organizationId: string,
  rows: readonly PlannedRow[],
): Promise<void> {
  const now = nowDate(ctx.clock);
  const { messages, messageOf } = bundleRows({
    rows: rows.filter((row) => row.notSent === undefined),
    recent: await countRecentMessages(tx, organizationId, new Date(now.getTime() - rateWindowSeconds * 1000)),
    digests: await lockOpenDigests(tx, organizationId),
    itemsPerMessageMax: (kind) => channelKinds.get(kind)?.capabilities.itemsPerMessageMax ?? 1,
  });
  await insertMessages(tx, organizationId, messages, now);
  const ids = await insertNotifications(tx, organizationId, rows, messageOf, now);
  if (ids.length > 0) await ctx.live.publish(tx, { organizationId, topic: 'notification', ids });
}

function toPlanChannel(ctx: TellCtx, row: ChannelRow, support: Support): PlanChannel {
  const opened = openChannel(row, ctx.vault);
  const plan = {
    id: row.id,
    kind: row.kind,
    name: row.name,
    minSeverity: row.min_severity,
    escalationOnly: row.escalation_only,
  };
  if (opened.kind === undefined) {
    return { ...plan, closedReason: opened.reason, recipients: [{ label: '', identity: row.id }] };
  }
  return {
    ...plan,
    closedReason: closedReason(row, opened.kind, ctx.config, support),
    recipients: opened.kind.recipients(opened.config),
  };
}
