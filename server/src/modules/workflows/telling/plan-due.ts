import {
  beginPlan,
  type PlannedRow,
  type Reach,
  readReach,
  readSupport,
  type Support,
  tryLockLedger,
  writeLedger,
  writeUnplannable,
} from '#modules/delivery';
import { channelsNamed } from '#modules/notifications';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { workOutbox } from '#platform/outbox-work';
import { askedTransition, workflowLedger } from './facts.ts';
import { messageOutbox, selectMessages, type WaitingMessage } from './message-store.ts';

/** Plans what steps want told, in any process. Returns how many messages were planned. */
export async function planDue(ctx: Ctx, signal: AbortSignal): Promise<number> {
  return await workOutbox(
    ctx,
    {
      outbox: messageOutbox,
      prepare: () => readSupport(ctx),
      begin: tryLockLedger,
      work: (tx, organizationId, claimed, support) =>
        tell(ctx, tx, organizationId, { ids: claimed.map((row) => row.id), support }),
      async giveUp(tx, organizationId, { id }, { attempts, message }) {
        const [asked] = await selectMessages(tx, organizationId, [id]);
        if (asked === undefined) return;
        const reason = `Nobody was told: it could not be planned after ${attempts} attempts (${message}). "watchkeeper jobs retry" tries it again.`;
        await writeUnplannable({ ctx, tx, organizationId }, workflowLedger, transitionOf(asked), reason);
      },
    },
    signal,
  );
}

async function tell(
  ctx: Ctx,
  tx: Tx,
  organizationId: string,
  { ids, support }: { ids: readonly string[]; support: Support },
): Promise<void> {
  const found = await selectMessages(tx, organizationId, ids);
  const transitions = found.map(transitionOf);
  const known = await beginPlan(tx, organizationId, workflowLedger.topic, transitions);
  const asked = found.filter(({ id }) => !known.has(id));
  if (asked.length === 0) return;
  const channels = await readReach(ctx, tx, organizationId, support);
  const rows = asked.flatMap((message) => planMessage(message, channels));
  await writeLedger({ ctx, tx, organizationId }, { ...workflowLedger, toneOf: () => askedTransition }, rows);
}

/** One row for each recipient of the named channels, once, and one for each word that names none. */
export function planMessage(message: WaitingMessage, channels: readonly Reach[]): PlannedRow[] {
  const transition = transitionOf(message);
  const named = channelsNamed(message.channels, channels);
  const toldThrough = new Map<string, string>();
  const rows = named.channels.flatMap((channel) =>
    channel.recipients.map(({ label, identity }): PlannedRow => {
      const key = `${channel.kind} ${identity}`;
      const other = toldThrough.get(key);
      const double =
        other === undefined ? undefined : `Duplicate: the channel "${other}" tells the same recipient.`;
      const notSent = channel.closedReason ?? double;
      if (notSent === undefined) toldThrough.set(key, channel.name);
      const { id: channelId, kind: channelKind, name: channelName } = channel;
      return { transition, channelId, channelKind, channelName, recipient: label, notSent };
    }),
  );
  return [...rows, ...named.missing.map((word) => lost(transition, word))];
}

function lost(transition: PlannedRow['transition'], word: string): PlannedRow {
  const notSent = `The workflow tells a channel that does not exist: ${word}.`;
  return { transition, channelId: null, channelKind: null, channelName: null, recipient: '', notSent };
}

function transitionOf({ id, subjectId, facts }: WaitingMessage) {
  return { id, subjectId, kind: askedTransition, facts };
}
