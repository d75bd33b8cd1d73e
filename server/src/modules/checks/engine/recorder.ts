import type { CheckStatus, ProbeTimings } from '@watchkeeper/contracts/checks';
import type { Ctx } from '#platform/context';
import { liveIdsMax } from '#platform/live';
import { checksJudged, judgedIdsMax } from '../events.ts';
import type { Run } from '../probe.ts';
import { judge, type Parent } from '../state.ts';
import {
  type ClaimedCheck,
  findParentsInTrouble,
  type Recording,
  recordResults,
  recordResultsIn,
} from './store.ts';

export interface Finished {
  readonly check: ClaimedCheck;
  readonly at: Date;
  readonly run: Pick<Run, 'outcome' | 'reason' | 'attempts' | 'timings' | 'details'>;
}

const reasonLengthMax = 1_000;

/** Judges a batch of results and writes it: one statement, and a transaction only where a status changed. */
export async function recordBatch(
  ctx: Pick<Ctx, 'db' | 'events' | 'live'>,
  owner: string,
  batch: readonly Finished[],
): Promise<void> {
  // Parents first: what has just become of them decides whether their children are judged.
  const { free = [], bound = [] } = Object.groupBy(batch, ({ check }) =>
    check.has_parents ? 'bound' : 'free',
  );
  if (free.length > 0) await recordWave(ctx, owner, free, new Map());
  if (bound.length > 0) await recordWave(ctx, owner, bound, await readParents(ctx, bound));
}

async function recordWave(
  ctx: Pick<Ctx, 'db' | 'events' | 'live'>,
  owner: string,
  wave: readonly Finished[],
  parents: ReadonlyMap<string, Parent>,
): Promise<void> {
  const plain: Recording[] = [];
  const changed: { recording: Recording; organizationId: string }[] = [];
  for (const finished of wave) {
    const recording = toRecording(finished, parents.get(finished.check.check_id) ?? null);
    if (recording.status === finished.check.status) plain.push(recording);
    else changed.push({ recording, organizationId: finished.check.organization_id });
  }
  if (plain.length > 0) await recordResults(ctx.db, owner, plain);
  if (changed.length > 0) await recordChanges(ctx, owner, changed);
}

async function readParents(ctx: Pick<Ctx, 'db'>, batch: readonly Finished[]): Promise<Map<string, Parent>> {
  const ids = batch.map(({ check }) => check.check_id);
  const worst = new Map<string, Parent>();
  for (const { check_id: id, name, state } of await findParentsInTrouble(ctx.db, ids)) {
    if (!worst.has(id)) worst.set(id, { name, state });
  }
  return worst;
}

function toRecording({ check, at, run }: Finished, parent: Parent | null): Recording {
  const before: { status: CheckStatus; reason: string | null; failures: number; successes: number } = {
    status: check.status,
    reason: check.reason,
    failures: check.consecutive_failures,
    successes: check.consecutive_successes,
  };
  const limits = {
    alertAfterFailures: check.alert_after_failures,
    recoverAfterSuccesses: check.recover_after_successes,
  };
  const reason = run.reason.slice(0, reasonLengthMax).replaceAll('\0', '').toWellFormed();
  const standing = judge(before, { outcome: run.outcome, reason }, limits, parent);
  return {
    checkId: check.check_id,
    at,
    outcome: run.outcome,
    reason,
    attempts: run.attempts,
    timings: timingList(run.timings),
    details: JSON.stringify(run.details).replaceAll('\\u0000', ''),
    status: standing.status,
    standingReason: standing.reason,
    failures: standing.failures,
    successes: standing.successes,
  };
}

function timingList(timings: ProbeTimings): (number | null)[] {
  return [timings.dns_ms, timings.connect_ms, timings.tls_ms, timings.first_byte_ms, timings.total_ms];
}

/** The change, and who must know of it, in one transaction over all organizations. */
async function recordChanges(
  ctx: Pick<Ctx, 'db' | 'events' | 'live'>,
  owner: string,
  changed: readonly { recording: Recording; organizationId: string }[],
): Promise<void> {
  await ctx.db.system(async (tx) => {
    const taken = await recordResultsIn(
      tx,
      owner,
      changed.map(({ recording }) => recording),
    );
    const kept = changed.filter(({ recording }) => taken.has(recording.checkId));
    const ids = kept.map(({ recording }) => recording.checkId);
    for (let start = 0; start < ids.length; start += judgedIdsMax)
      await ctx.events.publish(tx, checksJudged, { checkIds: ids.slice(start, start + judgedIdsMax) });
    for (const [organizationId, own] of Map.groupBy(kept, (one) => one.organizationId)) {
      const told = own.length > liveIdsMax ? [] : own.map(({ recording }) => recording.checkId);
      await ctx.live.publish(tx, { organizationId, topic: 'check', ids: told });
    }
  });
}
