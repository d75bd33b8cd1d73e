import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { Outcome } from '../outcome.ts';
import { suppressBounced } from '../recipients/store.ts';
import { retryDelaySeconds } from './backoff.ts';
import { type Claim, type ClaimedMessage, type ClaimRequest, claimDelivery } from './claim.ts';
import { type DeliveryJob, sendTimeoutMs } from './delivery-job.ts';
import { noteLateArrival, rescheduleMessage, settleMessage } from './message-store.ts';
import { countOutcome } from './outcome-counter.ts';

type DeliverCtx = Pick<
  Ctx,
  'config' | 'clock' | 'db' | 'live' | 'log' | 'metrics' | 'outbound' | 'parts' | 'vault'
>;

/**
 * One attempt at one message: claim it, send it, write down what the receiver said. A crash after sending
 * and before writing sends it again with the same id, by which the receiver knows it.
 */
export async function deliverMessage(ctx: DeliverCtx, job: ClaimRequest, signal: AbortSignal): Promise<void> {
  const claim = await ctx.db.tenant(job.organizationId, (tx) => claimDelivery(ctx, tx, job));
  if (claim.claim !== 'send') return;
  const outcome = await attempt(ctx, claim, signal);
  countOutcome(ctx, claim.kind.kind, outcome.outcome);
  await ctx.db.tenant(job.organizationId, (tx) => settle(ctx, tx, job, claim.message, outcome));
}

async function attempt(
  ctx: DeliverCtx,
  claim: Extract<Claim, { claim: 'send' }>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { config, clock, outbound } = ctx;
  try {
    return await claim.kind.send(claim.config, claim.message.content, {
      config,
      clock,
      outbound,
      signal: AbortSignal.any([signal, AbortSignal.timeout(sendTimeoutMs)]),
      timeoutMs: sendTimeoutMs,
    });
  } catch (error) {
    // A fault of ours is retried as the ledger plans it, like any other.
    ctx.log.error(
      { err: error, kind: claim.kind.kind, message_id: claim.message.id },
      'a channel failed to send',
    );
    return {
      outcome: 'retry',
      reason: 'The channel failed on our side; see the log.',
      maybeDelivered: true,
    };
  }
}

async function settle(
  ctx: DeliverCtx,
  tx: Tx,
  job: DeliveryJob,
  message: ClaimedMessage,
  outcome: Outcome,
): Promise<void> {
  const now = nowDate(ctx.clock);
  const answer = { lastStatus: outcome.status ?? null, lastAnswer: outcome.detail ?? null };
  const maybeDelivered = outcome.outcome === 'retry' && outcome.maybeDelivered === true;
  const end = (status: 'sent' | 'failed', reason: string | null) =>
    settleMessage(tx, job.organizationId, message, { status, reason, maybeDelivered, ...answer }, now);
  let ids: string[];
  if (outcome.outcome === 'sent') ids = await end('sent', null);
  else if (outcome.outcome === 'permanent') {
    if (outcome.addressRefused === true && message.recipient !== undefined) {
      const reason = `The mail server does not know it: ${outcome.detail ?? outcome.reason}`;
      await suppressBounced(tx, job.organizationId, message.recipient, reason, now);
    }
    ids = await end('failed', outcome.reason);
  } else {
    const delaySeconds = retryDelaySeconds(message.id, message.attempts, {
      workerMaxRetries: ctx.config.worker.maxRetries,
      retryAfterSeconds: outcome.retryAfterSeconds,
    });
    const retry = { reason: outcome.reason, maybeDelivered, ...answer };
    ids =
      delaySeconds === undefined
        ? await end('failed', `Given up after ${message.attempts} attempts: ${outcome.reason}`)
        : await rescheduleMessage(tx, job.organizationId, message, { ...retry, delaySeconds });
  }
  if (ids.length > 0)
    await ctx.live.publish(tx, { organizationId: job.organizationId, topic: 'notification', ids });
  else if (outcome.outcome === 'sent' || maybeDelivered)
    await noteLateArrival(tx, job.organizationId, message);
}
