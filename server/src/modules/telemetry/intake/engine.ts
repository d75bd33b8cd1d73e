import { Counter } from 'prom-client';
import { createBatcher } from '#platform/batcher';
import { databaseAway, isDatabaseAway, toDatabaseError } from '#platform/db/database';
import { bounded, createLanes } from '#platform/db/lanes';
import { isDataFault, isMissingPartition } from '#platform/db/parts';
import { AppError } from '#platform/errors';
import type { Days } from '../upkeep/partitions.ts';
import { type CarefulDeps, storeCarefully } from './careful.ts';
import { openFastLane, storeInOrder } from './fast-store.ts';
import type { IntakeItem, Outcome } from './item.ts';
import { keepYoungObjectsYoung } from './young-objects.ts';

/** Rows of one statement: past this a larger batch saves nothing more per row (bench/intake). */
const batchItemsMax = 1_000;
/**
 * Connections of our own, so that intake never waits for a page view's: while one batch is with the database,
 * the next is read. More, or smaller batches, cost the database more than they hide of its work. By bench/intake.
 */
const lanesMax = 2;
const besideMin = 16;
const enough = 16;
/** About two seconds of the fastest measured intake; beyond it callers get 503 and retry. */
const queueMax = 50_000;
const overloadRetrySeconds = 2;
/** A batch that takes longer is given up: its callers get 503, and a retry finds out what was stored. */
const batchMs = 12_000;
/** Heartbeats that waited longer than this say nothing about now. */
const waitMsMax = 30_000;
/** Of a batch whose day has no partition, because somebody dropped it. */
const conflictTries = 3;

export interface Engine extends AsyncDisposable {
  /** `item.settle` is called once its fate is committed. @throws overloaded */
  submit(item: IntakeItem): void;
}

interface EngineDeps extends CarefulDeps {
  readonly days: Days;
}

export function createEngine(deps: EngineDeps): Engine {
  const { ctx, days } = deps;
  keepYoungObjectsYoung();
  const lanes = createLanes({
    count: lanesMax,
    connect: () => ctx.db.connect(),
    open: openFastLane,
    losesLane: isDatabaseAway,
    workMs: batchMs,
  });
  const counted = new Counter({
    name: 'watchkeeper_heartbeats_total',
    help: 'Received heartbeats, by result.',
    labelNames: ['result'],
    registers: [ctx.metrics.registry],
  });

  async function run(items: IntakeItem[], release: () => void): Promise<void> {
    const batch = openBatch(items);
    const now = ctx.clock.now();
    batch.fail(
      items.filter((item) => now - item.record.at > waitMsMax),
      databaseAway(),
    );
    try {
      await days.ensureFor(now);
      const rest = await storeFast(batch, release);
      if (rest.length > 0) await storeRest(batch, rest);
    } catch (error) {
      batch.fail(items, error);
    }
  }

  /** @returns what needs care. */
  async function storeFast(batch: Batch, release: () => void): Promise<IntakeItem[]> {
    const { plain, rest } = partition([...batch.open]);
    if (plain.length === 0) return rest;
    let done: ReadonlySet<number> | null;
    try {
      done = await lanes.use((lane) => storeInOrder(lane, plain, deps.silenceMs));
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      // One statement, all or nothing: whatever it stumbled over, the careful path finds it.
      ctx.log.debug({ err: error }, 'a batch of heartbeats takes the careful path');
      return [...rest, ...plain];
    }
    // A batch that needs care keeps its turn until that is done: the careful path is bounded like this one.
    if (done === null && rest.length === 0) release();
    for (const item of plain) {
      if (done === null || done.has(item.device.key)) batch.settle(item, liveOutcome(item));
      else rest.push(item);
    }
    counted.inc({ result: 'live' }, done === null ? plain.length : done.size);
    return rest;
  }

  async function storeRest(batch: Batch, items: readonly IntakeItem[], tries = 1): Promise<void> {
    // A partition that is missing after it was made anew is the fault of what asks for such a day.
    const isFault = (error: unknown) =>
      isDataFault(error) || (tries === conflictTries && isMissingPartition(error));
    try {
      const outcomes = await bounded(storeCarefully(deps, items, isFault), batchMs);
      for (const [item, outcome] of outcomes) {
        counted.inc({ result: outcome instanceof Error ? 'refused' : outcome.verdict });
        batch.settle(item, outcome);
      }
    } catch (error) {
      if (!isMissingPartition(error) || tries === conflictTries) throw error;
      days.forget();
      await days.ensureFor(ctx.clock.now());
      await storeRest(batch, items, tries + 1);
    }
  }

  const batcher = createBatcher<IntakeItem>({
    run,
    itemsMax: batchItemsMax,
    batchesMax: lanesMax,
    queueMax,
    besideMin,
    enough,
    onBug: (error) => ctx.log.error({ err: error }, 'a batch of heartbeats failed'),
  });

  return {
    submit(item) {
      if (batcher.add(item, item.buffered)) return;
      throw new AppError(
        'overloaded',
        'More heartbeats are waiting than can be stored now. Try again shortly.',
        {
          retryAfterSeconds: overloadRetrySeconds,
        },
      );
    },
    async [Symbol.asyncDispose]() {
      await batcher.drain();
      await lanes[Symbol.asyncDispose]();
    },
  };
}

/** One plain item per device goes the fast way; a second of the same device comes after it. */
function partition(items: readonly IntakeItem[]): { plain: IntakeItem[]; rest: IntakeItem[] } {
  const plain: IntakeItem[] = [];
  const rest: IntakeItem[] = [];
  const seen = new Set<number>();
  for (const item of items) {
    if (item.flagged || seen.has(item.device.key)) rest.push(item);
    else plain.push(item);
    seen.add(item.device.key);
  }
  plain.sort((one, other) => one.device.key - other.device.key);
  return { plain, rest };
}

const liveOnline: Outcome = { verdict: 'live', status: 'online' };
const liveDegraded: Outcome = { verdict: 'live', status: 'degraded' };

function liveOutcome(item: IntakeItem): Outcome {
  return item.reported === 'degraded' ? liveDegraded : liveOnline;
}

/** The items of one batch; each gets exactly one answer, whatever happens. */
interface Batch {
  readonly open: ReadonlySet<IntakeItem>;
  settle(item: IntakeItem, outcome: Outcome | Error): void;
  /** Items without an answer so far. */
  fail(items: readonly IntakeItem[], error: unknown): void;
}

function openBatch(items: readonly IntakeItem[]): Batch {
  const open = new Set(items);
  const settle = (item: IntakeItem, outcome: Outcome | Error): void => {
    if (open.delete(item)) item.settle(outcome);
  };
  return {
    open,
    settle,
    fail(failed, error) {
      const known = toDatabaseError(error);
      const reason = known instanceof Error ? known : new Error(String(known));
      for (const item of failed) settle(item, reason);
    },
  };
}
