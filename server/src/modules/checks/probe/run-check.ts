import type { CheckRun } from '@watchkeeper/contracts/checks';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { FairShare } from '#platform/fair-share';
import { findConfig, sealedElsewhere } from '#platform/kinds/secrets';
import { definePart } from '#platform/parts';
import { prepareBatch } from '../engine/prepare.ts';
import { unableRun } from '../engine/recorder.ts';
import { checkKinds } from '../registry.ts';
import { bringForward, findCheck } from '../store.ts';
import { runCheck } from './probe.ts';

/** Runs by hand at the same time in this process. One organization gets at most half of them, see FairShare. */
const runsMax = 16;
/** Limit for a run by hand. The caller waits for it, so it is shorter than the longest scheduled run. */
const runMsMax = 60_000;

const runningPart = definePart<FairShare>('checks.by_hand');

/** Runs the check now and logs every step in words. The next scheduled run follows at once; only that one counts. */
export async function runNow(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'vault' | 'outbound' | 'log' | 'parts'>,
  scope: Scope,
  reference: string,
): Promise<CheckRun> {
  requirePermission(scope, 'alerts:operate');
  const row = await ctx.db.tenant(scope.organizationId, (tx) =>
    findCheck(tx, scope.organizationId, reference),
  );
  if (row === undefined) throw notFound('check');
  const kind = checkKinds.get(row.kind);
  if (kind.passive)
    throw new AppError(
      'conflict',
      'This check waits for calls and cannot be run: call its ping URL instead.',
    );
  const at = new Date(ctx.clock.now());
  const config = findConfig(row, ctx.vault);
  if (config === undefined)
    return { at: at.toISOString(), ...unableRun(sealedElsewhere), details: {}, log: [] };
  const share = ctx.parts.ensure(runningPart, () => new FairShare(runsMax));
  if (!share.take(scope.organizationId))
    throw new AppError('rate_limited', 'Too many checks are being run by hand already. Try again shortly.', {
      retryAfterSeconds: 5,
    });
  try {
    const settings = { timeoutMs: row.effective_timeout * 1_000, retries: row.effective_retries };
    const signal = AbortSignal.timeout(runMsMax);
    const { organizationId } = scope;
    const subject = { checkId: row.id, organizationId, deviceId: row.device_id, config, kind };
    const ready = (await prepareBatch(ctx, [subject])).get(row.id) ?? { given: undefined };
    if ('fault' in ready) throw new AppError('database_unavailable', ready.fault, { retryAfterSeconds: 5 });
    const run = await runCheck(ctx, kind, config, settings, {
      signal,
      keepLog: true,
      owner: organizationId,
      given: ready.given,
    });
    return {
      at: at.toISOString(),
      outcome: run.outcome,
      reason: run.reason,
      attempts: run.attempts,
      timings: run.timings,
      details: { ...run.details },
      log: [...run.log],
    };
  } finally {
    share.giveBack(scope.organizationId);
    // Has no effect on a check that was switched off meanwhile.
    await ctx.db.tenant(scope.organizationId, (tx) => bringForward(tx, row.id, new Date(ctx.clock.now())));
  }
}
