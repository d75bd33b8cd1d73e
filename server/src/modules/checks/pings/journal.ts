import { createBatcher } from '#platform/batcher';
import type { Ctx } from '#platform/context';
import { toDatabaseError } from '#platform/db/database';
import { createLanes } from '#platform/db/lanes';
import { AppError } from '#platform/errors';
import { encodePing, type SaidPing } from './ping.ts';
import { journalInsertText } from './store.ts';

/** Pings of one row, and the bodies in it: a row is read, decoded and worked in as a whole. */
const batchItemsMax = 500;
const batchBytesMax = 2_000_000;
/** Connections of our own: a ping never waits for a page view's. While one batch is on the disk the next is sent. */
const lanesMax = 2;
const besideMin = 16;
/** A batch is one row, whose commit costs more than all of its pings: larger ones are cheaper, by bench/pings. */
const enough = 32;
/** About a second of the fastest intake measured; beyond it callers hear 503 and come back. */
const queueMax = 30_000;
const queueBytesMax = 64_000_000;
const overloadRetrySeconds = 2;
/** A batch that takes longer is given up: its callers hear 503. */
const batchMs = 12_000;

export type Settle = (error: Error | null) => void;

interface Waiting {
  readonly checkId: string;
  /** Our receipt, in milliseconds of the epoch. */
  readonly at: number;
  readonly ping: SaidPing;
  readonly settle: Settle;
}

export interface Journal extends AsyncDisposable {
  /** `settle` is called once the ping is committed. @throws overloaded */
  add(checkId: string, at: number, ping: SaidPing, settle: Settle): void;
}

/** Group commit: many pings are one row. What they mean is worked in afterwards, by the applier. */
export function createJournal(ctx: Pick<Ctx, 'db' | 'clock' | 'log'>, written: () => void): Journal {
  const lanes = createLanes({
    count: lanesMax,
    connect: () => ctx.db.connect(),
    open: async (client) => client,
    // Whatever it was, the next batch begins on a fresh connection.
    losesLane: () => true,
    workMs: batchMs,
  });
  let queuedBytes = 0;

  async function write(text: string): Promise<void> {
    const values = [ctx.clock.now(), text];
    await lanes.use((client) => client.query({ name: 'checks.journal', text: journalInsertText, values }));
  }

  async function run(items: Waiting[], release: () => void): Promise<void> {
    let error: Error | null = null;
    try {
      for (const part of byBytes(items))
        await write(JSON.stringify(part.map(({ checkId, at, ping }) => encodePing(checkId, at, ping))));
    } catch (caught) {
      const known = toDatabaseError(caught);
      error = known instanceof Error ? known : new Error(String(known));
    }
    release();
    for (const { ping, settle } of items) {
      queuedBytes -= ping.body?.length ?? 0;
      settle(error);
    }
    if (error === null) written();
  }

  const batcher = createBatcher<Waiting>({
    run,
    itemsMax: batchItemsMax,
    batchesMax: lanesMax,
    queueMax,
    besideMin,
    enough,
    onBug: (error) => ctx.log.error({ err: error }, 'a batch of pings failed'),
  });

  return {
    add(checkId, at, ping, settle) {
      const bytes = ping.body?.length ?? 0;
      if (queuedBytes + bytes > queueBytesMax || !batcher.add({ checkId, at, ping, settle }))
        throw new AppError(
          'overloaded',
          'More pings are waiting than can be stored now. Try again shortly.',
          {
            retryAfterSeconds: overloadRetrySeconds,
          },
        );
      queuedBytes += bytes;
    },
    async [Symbol.asyncDispose]() {
      await batcher.drain();
      await lanes[Symbol.asyncDispose]();
    },
  };
}

/** Most batches are one part; bodies may make more of them. */
function byBytes(items: readonly Waiting[]): Waiting[][] {
  const parts: Waiting[][] = [[]];
  let bytes = 0;
  for (const item of items) {
    bytes += item.ping.body?.length ?? 0;
    if (bytes > batchBytesMax) {
      parts.push([]);
      bytes = item.ping.body?.length ?? 0;
    }
    parts.at(-1)?.push(item);
  }
  return parts;
}
