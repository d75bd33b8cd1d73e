import type pg from 'pg';
import { createBatcher } from '#platform/batcher';
import type { Ctx } from '#platform/context';
import { databaseRetryAfterSeconds, toDatabaseError } from '#platform/db/database';
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
  const lanes: { client: pg.Client | undefined; busy: boolean }[] = Array.from({ length: lanesMax }, () => ({
    client: undefined,
    busy: false,
  }));
  let queuedBytes = 0;

  async function write(text: string): Promise<void> {
    const lane = lanes.find((candidate) => !candidate.busy);
    if (lane === undefined) throw new Error('More batches than lanes.');
    lane.busy = true;
    try {
      lane.client ??= await connect(lane);
      const values = [ctx.clock.now(), text];
      await bounded(lane.client.query({ name: 'checks.journal', text: journalInsertText, values }));
    } catch (error) {
      // Whatever it was, the next batch begins on a fresh connection.
      lane.client?.end().catch(() => undefined);
      lane.client = undefined;
      throw error;
    } finally {
      lane.busy = false;
    }
  }

  async function connect(lane: { client: pg.Client | undefined }): Promise<pg.Client> {
    const client = await ctx.db.connect();
    const lost = () => {
      if (lane.client === client) lane.client = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    return client;
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
      await Promise.allSettled(lanes.map((lane) => lane.client?.end()));
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

/** A server that is cut off mid-statement never answers: callers must hear something all the same. */
async function bounded<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () =>
    reject(
      new AppError('database_unavailable', 'The database does not answer at the moment. Try again shortly.', {
        retryAfterSeconds: databaseRetryAfterSeconds,
      }),
    );
  const timer = setTimeout(giveUp, batchMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
