import type { CheckRun } from '@watchkeeper/contracts/checks';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { prepareBatch } from './engine/prepare.ts';
import { runCheck } from './probe.ts';
import { getCheckKind } from './registry.ts';
import { openConfig } from './settings.ts';
import { findCheck, setDue } from './store.ts';

/** Runs by hand at the same time, in this process. */
const runsMax = 16;
/** The caller waits for it, so a run by hand ends sooner than the longest scheduled one. */
const runMsMax = 60_000;

const running = new WeakMap<object, { count: number }>();

/** Goes and looks now, with every step in words. The next scheduled run follows at once and is what counts. */
export async function runNow(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'vault' | 'outbound' | 'log'>,
  scope: Scope,
  reference: string,
): Promise<CheckRun> {
  requirePermission(scope, 'alerts:operate');
  const row = await ctx.db.tenant(scope.organizationId, (tx) =>
    findCheck(tx, scope.organizationId, reference),
  );
  if (row === undefined) throw notFound('check');
  const kind = getCheckKind(row.kind);
  if (kind.passive)
    throw new AppError('conflict', 'This check is waited for and cannot be run: call its ping URL instead.');
  const config = openConfig(row, ctx.vault);
  const turn = running.get(ctx.db) ?? { count: 0 };
  running.set(ctx.db, turn);
  if (turn.count >= runsMax)
    throw new AppError('rate_limited', `${runsMax} checks are being run by hand already.`, {
      retryAfterSeconds: 5,
    });
  turn.count += 1;
  const at = new Date(ctx.clock.now());
  try {
    const settings = { timeoutMs: row.effective_timeout * 1_000, retries: row.effective_retries };
    const signal = AbortSignal.timeout(runMsMax);
    const { organizationId } = scope;
    const subject = { checkId: row.id, organizationId, deviceId: row.device_id, config, kind };
    const ready = (await prepareBatch(ctx, [subject])).get(row.id) ?? { given: undefined };
    if ('fault' in ready) throw new AppError('database_unavailable', ready.fault, { retryAfterSeconds: 5 });
    const run = await runCheck(ctx, kind, config, settings, { signal, keepLog: true, given: ready.given });
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
    turn.count -= 1;
    if (row.enabled)
      await ctx.db.tenant(scope.organizationId, (tx) => setDue(tx, row.id, new Date(ctx.clock.now())));
  }
}
