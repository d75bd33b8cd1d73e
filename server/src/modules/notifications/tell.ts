import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { bundleRows } from './bundle.ts';
import { deliverJobName } from './delivery-job.ts';
import {
  countRecentMessages,
  insertMessages,
  insertNotifications,
  lockLedger,
  lockOpenDigests,
  selectNewTransitions,
  selectTold,
} from './ledger-store.ts';
import { closedReason, openChannel } from './open-channel.ts';
import { type PlanChannel, type PlannedRow, planNotifications } from './plan.ts';
import { channelKinds } from './registry.ts';
import { type ChannelRow, selectChannels } from './store.ts';

const rateWindowSeconds = 60;

export interface Transitions {
  readonly organizationId: string;
  readonly items: readonly { readonly transitionId: string }[];
}

type TellCtx = Pick<Ctx, 'db' | 'clock' | 'jobs' | 'live' | 'vault' | 'config'>;

/**
 * Writes the ledger for the transitions of one event, and with it, in the same transaction, the messages
 * and their delivery jobs. Runs at least once: what the ledger knows already is left alone.
 */
export async function tellTransitions(ctx: TellCtx, { organizationId, items }: Transitions): Promise<void> {
  await ctx.db.tenant(organizationId, async (tx) => {
    await lockLedger(tx, organizationId);
    const ids = items.map((item) => item.transitionId);
    const transitions = await selectNewTransitions(tx, organizationId, ids);
    if (transitions.length === 0) return;
    const rows = planNotifications({
      transitions,
      channels: (await selectChannels(tx, organizationId)).map((channel) => toPlanChannel(ctx, channel)),
      told: await selectTold(
        tx,
        organizationId,
        transitions.map((transition) => transition.alertId),
      ),
    });
    await writeRows(ctx, tx, organizationId, rows);
  });
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
  const payloadOf = (message: { id: string }) => ({
    organization_id: organizationId,
    message_id: message.id,
  });
  await ctx.jobs.enqueueMany(
    tx,
    deliverJobName,
    messages.filter((m) => m.startAfterSeconds === 0).map(payloadOf),
  );
  for (const message of messages.filter((m) => m.startAfterSeconds > 0)) {
    await ctx.jobs.enqueue(tx, deliverJobName, payloadOf(message), {
      startAfterSeconds: message.startAfterSeconds,
    });
  }
  if (ids.length > 0) await ctx.live.publish(tx, { organizationId, topic: 'notification', ids });
}

function toPlanChannel(ctx: TellCtx, row: ChannelRow): PlanChannel {
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
    closedReason: closedReason(row, opened.kind, ctx.config),
    recipients: opened.kind.recipients(opened.config),
  };
}
