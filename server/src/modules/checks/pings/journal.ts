import { createBatcher } from '#platform/batcher';
import type { Ctx } from '#platform/context';
import { toDatabaseError } from '#platform/db/database';
import { createLanes } from '#platform/db/lanes';
import { AppError } from '#platform/errors';
import { encodePing, type SaidPing } from './ping.ts';
import { journalInsertText } from './store.ts';

/** Pings per row, and bytes of their bodies. A row is read, decoded and applied as a whole. */
const batchItemsMax = 500;
const batchBytesMax = 2_000_000;
/**
 * Connections of our own, so that a ping never waits for a page view. While one batch is being committed, the next is
 * sent.
 */
const lanesMax = 2;
const besideMin = 16;
/**
 * A batch is one row. Its commit costs more than its pings, so larger batches are cheaper (measured in bench/pings).
 */
const enough = 32;
/** About one second of the fastest intake measured. Beyond this, callers get 503 and try again. */
const queueMax = 30_000;
const queueBytesMax = 64_000_000;
const overloadRetrySeconds = 2;
/** A batch that takes longer is cancelled, and its callers get 503. */
const batchMs = 12_000;

export type Settle = (error: Error | null) => void;

interface Waiting {
  readonly checkId: string;
  /** When we received it, in milliseconds since the epoch. */
  readonly at: number;
  readonly ping: SaidPing;
  readonly settle: Settle;
}

export interface Journal extends AsyncDisposable {
  /** `settle` is called when the ping is committed, or with the error. @throws overloaded */
  add(checkId: string, at: number, ping: SaidPing, settle: Settle): void;
}

/** Group commit: many pings become one row. The applier works out afterwards what they mean. */
export function createJournal(ctx: Pick<Ctx, 'db' | 'clock' | 'log'>, written: () => void): Journal {
  const lanes = createLanes({
    count: lanesMax,
    connect: () => ctx.db.connect(),
    open: async (client) => client,
    // After any error, the next batch uses a new connection.
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

/** Usually one part. Large bodies may need several. */
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
