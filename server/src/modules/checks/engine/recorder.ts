import type { CheckStatus, ProbeTimings } from '@watchkeeper/contracts/checks';
import { cutText } from '@watchkeeper/contracts/text';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { faultWords, inParts, isDataFault, isMissingPartition } from '#platform/db/parts';
import { liveIdsMax } from '#platform/live';
import { storableText, toJson } from '#platform/storable';
import { announceJudged } from '../events.ts';
import type { Run } from '../probe/probe.ts';
import { judge, type Parent } from '../state.ts';
import {
  addDay,
  type ClaimedCheck,
  findParentsInTroubleIn,
  giveBackIn,
  type Recording,
  recordResults,
  recordResultsIn,
} from './store.ts';

export interface Finished {
  readonly check: ClaimedCheck;
  readonly at: Date;
  readonly run: Pick<Run, 'outcome' | 'reason' | 'attempts' | 'timings' | 'details'>;
}

type RecorderCtx = Pick<Ctx, 'db' | 'events' | 'live' | 'log'>;

const reasonLengthMax = 1_000;

/**
 * Judges a batch of results and writes all of it, or nothing. A result that cannot be stored does not stop the others.
 */
export async function recordBatch(
  ctx: RecorderCtx,
  owner: string,
  finished: readonly Finished[],
): Promise<void> {
  // All writers take several rows in the same order, so that they cannot deadlock.
  const batch = finished.toSorted((one, other) => (one.check.check_id < other.check.check_id ? -1 : 1));
  if (await recordPlainly(ctx, owner, batch)) return;
  try {
    await recordCarefully(ctx, owner, batch, isDataFault);
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    // The partition of the day is missing. Make it here, so that recording does not depend on the periodic work.
    await makeDaysOf(ctx, batch);
    await recordCarefully(ctx, owner, batch, (fault) => isDataFault(fault) || isMissingPartition(fault));
  }
}

async function makeDaysOf(ctx: RecorderCtx, batch: readonly Finished[]): Promise<void> {
  const days = new Set(batch.map(({ at }) => at.toISOString().slice(0, 10)));
  for (const day of days) await ctx.db.system((tx) => addDay(tx, day));
}

async function recordCarefully(
  ctx: RecorderCtx,
  owner: string,
  batch: readonly Finished[],
  isFault: (error: unknown) => boolean,
): Promise<void> {
  // Across tenants: a batch holds the results of all organizations.
  await ctx.db.system(async (tx) => {
    // Parents first: their new state decides how their children are judged.
    const { free = [], bound = [] } = Object.groupBy(batch, ({ check }) =>
      check.has_parents ? 'bound' : 'free',
    );
    const wave = { ctx, tx, owner, isFault };
    await recordWave({ ...wave, parents: new Map() }, free);
    await recordWave({ ...wave, parents: await readParents(tx, bound) }, bound);
  });
}

/** The common case, in one statement: no status changed, and no check has parents. */
async function recordPlainly(ctx: RecorderCtx, owner: string, batch: readonly Finished[]): Promise<boolean> {
  const recordings = batch.map((finished) => toRecording(finished, null));
  const changes = batch.some(
    ({ check }, index) => check.has_parents || recordings[index]?.status !== check.status,
  );
  if (changes) return false;
  try {
    await recordResults(ctx.db, owner, recordings);
    return true;
  } catch (error) {
    if (!isDataFault(error) && !isMissingPartition(error)) throw error;
    return false;
  }
}

interface Wave {
  readonly ctx: RecorderCtx;
  readonly tx: Tx;
  readonly owner: string;
  readonly parents: ReadonlyMap<string, Parent>;
  readonly isFault: (error: unknown) => boolean;
}

async function recordWave(wave: Wave, finished: readonly Finished[]): Promise<void> {
  const { ctx, tx, owner, isFault } = wave;
  const write = (part: readonly Finished[]) => recordPart(wave, part);
  const { faults } = await inParts(tx, finished, write, isFault);
  const unstorable = faults.map(({ item, error }) => {
    ctx.log.warn({ err: error, check_id: item.check.check_id }, 'the result of a check cannot be stored');
    return { ...item, run: unstorableRun(item.run.attempts, error) };
  });
  const { faults: lost } = await inParts(tx, unstorable, write, isFault);
  for (const { item, error } of lost)
    ctx.log.error(
      { err: error, check_id: item.check.check_id },
      'neither the result of a check nor its fault can be stored',
    );
  // Nothing could be stored, but the turn is over: give back the lease.
  const ids = lost.map(({ item }) => item.check.check_id);
  await giveBackIn(tx, owner, ids);
}

/** The result cannot be stored, so the state of the target is not known. */
function unstorableRun(attempts: number, error: unknown): Finished['run'] {
  return { ...unableRun(`Its result cannot be stored: ${faultWords(error)}`), attempts };
}

/** Writes a part of a wave and tells the subscribers which checks changed. */
async function recordPart({ ctx, tx, owner, parents }: Wave, part: readonly Finished[]): Promise<void> {
  const recordings = part.map((finished) =>
    toRecording(finished, parents.get(finished.check.check_id) ?? null),
  );
  const taken = await recordResultsIn(tx, owner, recordings);
  const changed = part.flatMap(({ check }, index) =>
    taken.has(check.check_id) && recordings[index]?.status !== check.status ? [check] : [],
  );
  await announceJudged(ctx, tx, changed);
  for (const [organizationId, own] of Map.groupBy(changed, (check) => check.organization_id)) {
    const told = own.length > liveIdsMax ? [] : own.map((check) => check.check_id);
    await ctx.live.publish(tx, { organizationId, topic: 'check', ids: told });
  }
}

async function readParents(tx: Tx, batch: readonly Finished[]): Promise<Map<string, Parent>> {
  const worst = new Map<string, Parent>();
  if (batch.length === 0) return worst;
  const ids = batch.map(({ check }) => check.check_id);
  for (const { check_id: id, name, state } of await findParentsInTroubleIn(tx, ids)) {
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
  const reason = storableText(cutText(run.reason, reasonLengthMax, ''));
  const standing = judge(before, { outcome: run.outcome, reason }, limits, parent);
  return {
    checkId: check.check_id,
    lease: check.lease,
    at,
    outcome: run.outcome,
    reason,
    attempts: run.attempts,
    timings: timingList(run.timings),
    details: toJson(run.details),
    status: standing.status,
    standingReason: standing.reason,
    failures: standing.failures,
    successes: standing.successes,
  };
}

function timingList(timings: ProbeTimings): (number | null)[] {
  return [timings.dns_ms, timings.connect_ms, timings.tls_ms, timings.first_byte_ms, timings.total_ms];
}

/** A run that says nothing about the target. */
export function unableRun(reason: string): Finished['run'] {
  const none = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: null };
  return { outcome: 'unable', reason, attempts: 0, timings: none, details: {} };
}
