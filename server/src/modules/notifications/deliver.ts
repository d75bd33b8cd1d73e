import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { retryDelaySeconds } from './backoff.ts';
import { type Claim, type ClaimedMessage, claimDelivery } from './claim.ts';
import { type DeliveryJob, deliverJobName, sendTimeoutMs } from './delivery-job.ts';
import { rescheduleMessage, settleMessage } from './delivery-store.ts';
import type { Outcome } from './kind.ts';
import { countOutcome } from './outcome-counter.ts';

/**
 * One attempt at one message: claim it, send it, write down what the receiver said. A crash after sending
 * and before writing sends it again with the same id, by which the receiver knows it.
 */
export async function deliverMessage(ctx: Ctx, job: DeliveryJob, signal: AbortSignal): Promise<void> {
  const claim = await ctx.db.tenant(job.organizationId, async (tx) => {
    const decided = await claimDelivery(ctx, tx, job);
    if (decided.claim === 'wait') await enqueue(ctx, tx, job, decided.seconds);
    return decided;
  });
  if (claim.claim !== 'send') return;
  const outcome = await attempt(ctx, claim, signal);
  countOutcome(ctx, claim.kind.kind, outcome.outcome);
  await ctx.db.tenant(job.organizationId, (tx) => settle(ctx, tx, job, claim.message, outcome));
}

async function attempt(
  ctx: Ctx,
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
    // A fault of ours must not take the job queue's retries, which know nothing of the ledger.
    ctx.log.error(
      { err: error, kind: claim.kind.kind, message_id: claim.message.id },
      'a channel failed to send',
    );
    return {
      outcome: 'retry',
      reason: 'The channel failed on our side; the log says more.',
      maybeDelivered: true,
    };
  }
}

async function settle(
  ctx: Ctx,
  tx: Tx,
  job: DeliveryJob,
  message: ClaimedMessage,
  outcome: Outcome,
): Promise<void> {
  const now = nowDate(ctx.clock);
  const answer = { lastStatus: outcome.status ?? null, lastAnswer: outcome.detail ?? null };
  const end = (status: 'sent' | 'failed', reason: string | null, maybeDelivered: boolean) =>
    settleMessage(tx, job.organizationId, message.id, { status, reason, maybeDelivered, ...answer }, now);
  let ids: string[];
  if (outcome.outcome === 'sent') ids = await end('sent', null, false);
  else if (outcome.outcome === 'permanent') ids = await end('failed', outcome.reason, false);
  else {
    const maybeDelivered = outcome.maybeDelivered === true;
    const seconds = retryDelaySeconds(message.id, message.attempts, {
      workerMaxRetries: ctx.config.worker.maxRetries,
      retryAfterSeconds: outcome.retryAfterSeconds,
    });
    if (seconds === undefined) {
      ids = await end(
        'failed',
        `Given up after ${message.attempts} attempts: ${outcome.reason}`,
        maybeDelivered,
      );
    } else {
      const dueAt = new Date(now.getTime() + seconds * 1000);
      ids = await rescheduleMessage(tx, job.organizationId, message, {
        reason: outcome.reason,
        maybeDelivered,
        dueAt,
        ...answer,
      });
      if (ids.length > 0) await enqueue(ctx, tx, job, seconds);
    }
  }
  if (ids.length > 0)
    await ctx.live.publish(tx, { organizationId: job.organizationId, topic: 'notification', ids });
}

async function enqueue(
  ctx: Pick<Ctx, 'jobs'>,
  tx: Tx,
  job: DeliveryJob,
  startAfterSeconds: number,
): Promise<void> {
  const payload = { organization_id: job.organizationId, message_id: job.messageId };
  await ctx.jobs.enqueue(tx, deliverJobName, payload, { startAfterSeconds });
}
