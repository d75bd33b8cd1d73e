import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { channelKinds } from '../registry.ts';
import type { Topic } from '../topics/topic.ts';
import { bundleRows } from './bundle.ts';
import { countRecentMessages, insertMessages, lockOpenDigests } from './bundle-store.ts';
import { insertNotifications, insertUnplannable } from './ledger-store.ts';
import type { LedgerTopic, PlannedRow, Transition } from './planned-row.ts';

const rateWindowSeconds = 60;

export interface LedgerWork {
  readonly ctx: Pick<Ctx, 'clock' | 'live'>;
  /** Holds the ledger's lock. */
  readonly tx: Tx;
  readonly organizationId: string;
}

/** Writes planned rows and their messages. Rows that the ledger already has are left unchanged. */
export async function writeLedger(
  { ctx, tx, organizationId }: LedgerWork,
  topic: LedgerTopic & Pick<Topic, 'toneOf'>,
  rows: readonly PlannedRow[],
): Promise<void> {
  const now = nowDate(ctx.clock);
  const { messages, messageOf } = bundleRows({
    rows: rows.filter((row) => row.notSent === undefined),
    recent: await countRecentMessages(tx, organizationId, new Date(now.getTime() - rateWindowSeconds * 1000)),
    digests: await lockOpenDigests(tx, organizationId, topic.topic),
    toneOf: topic.toneOf,
    itemsPerMessageMax: (kind) => channelKinds.find(kind)?.capabilities.itemsPerMessageMax ?? 1,
  });
  await insertMessages(tx, organizationId, topic.topic, messages, now);
  const ids = await insertNotifications(tx, organizationId, topic, rows, messageOf, now);
  if (ids.length > 0) await ctx.live.publish(tx, { organizationId, topic: 'notification', ids });
}

/** Records in the ledger that a transition could not be planned, and why. */
export async function writeUnplannable(
  { ctx, tx, organizationId }: LedgerWork,
  topic: LedgerTopic,
  transition: Transition,
  reason: string,
): Promise<void> {
  const ids = await insertUnplannable(tx, organizationId, topic, transition, reason, nowDate(ctx.clock));
  await ctx.live.publish(tx, { organizationId, topic: 'notification', ids });
}
