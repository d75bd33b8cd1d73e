import { cutText, oneLine } from '@watchkeeper/contracts/text';
import { sql } from 'kysely';
import type { Ctx } from './context.ts';
import { isDatabaseAway, type Tx } from './db/database.ts';
import {
  claimWaiting,
  listWaiting,
  type Outbox,
  postponeWaiting,
  settleWaiting,
  type Waiting,
} from './outbox.ts';

/** Rows that one transaction works on. Up to this many changes are worked on together. */
const batchMax = 500;
/** Organizations that one round works for. The next round takes the rest. */
const organizationsMax = 500;
/** A row that keeps failing is tried this often (some two minutes), then it is given up. */
export const outboxAttemptsMax = 8;
const retrySecondsMax = 60;
/** How long a row waits after its nth failed attempt: 2, 4, 8 ... 60 s. */
export const retrySeconds = (attempts: number) => Math.min(2 ** attempts, retrySecondsMax);
/** A process that hangs between two statements keeps an organization's rows locked for at most this long. */
const idleSecondsMax = 15;
const errorCharsMax = 300;

export interface OutboxWork<Row extends object, Given> {
  readonly outbox: Outbox<Row>;
  /** Reads whatever else the work needs, before the transaction begins. */
  readonly prepare: () => Promise<Given>;
  /** False: another process is working for this organization now, and takes these rows as well. */
  readonly begin: (tx: Tx, organizationId: string) => Promise<boolean>;
  /** Works on claimed rows, oldest first, in the transaction that settles them. */
  readonly work: (
    tx: Tx,
    organizationId: string,
    rows: readonly Waiting<Row>[],
    given: Given,
  ) => Promise<void>;
  /** Called when a row is given up: reports it where people look. */
  readonly giveUp: (
    tx: Tx,
    organizationId: string,
    row: Waiting<Row>,
    failure: { readonly attempts: number; readonly message: string },
  ) => Promise<void>;
}

/** Works on all waiting rows, in any process. Returns how many rows were settled. */
export async function workOutbox<Row extends object, Given>(
  ctx: Pick<Ctx, 'db' | 'log'>,
  work: OutboxWork<Row, Given>,
  signal: AbortSignal,
): Promise<number> {
  // Across tenants: a waiting row names no process.
  const organizations = await ctx.db.system((tx) => listWaiting(tx, work.outbox, organizationsMax));
  let settled = 0;
  for (const organizationId of organizations) {
    if (signal.aborted) break;
    settled += await workFor(ctx, work, organizationId);
  }
  return settled;
}

/** When rows fail together, tries half as many, until the failing one is alone. */
async function workFor<Row extends object, Given>(
  ctx: Pick<Ctx, 'db' | 'log'>,
  work: OutboxWork<Row, Given>,
  organizationId: string,
): Promise<number> {
  let settled = 0;
  for (let limit = batchMax; ; ) {
    try {
      const done = await workSome(ctx, work, organizationId, limit);
      settled += done;
      if (done < limit) return settled;
      limit = batchMax;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      if (limit === 1) await putOff(ctx, work, organizationId, error);
      limit = limit === 1 ? batchMax : limit >> 1;
    }
  }
}

async function workSome<Row extends object, Given>(
  ctx: Pick<Ctx, 'db'>,
  { outbox, prepare, begin, work }: OutboxWork<Row, Given>,
  organizationId: string,
  limit: number,
): Promise<number> {
  const given = await prepare();
  return await ctx.db.tenant(organizationId, async (tx) => {
    await boundIdleness(tx);
    if (!(await begin(tx, organizationId))) return 0;
    const rows = await claimWaiting(tx, outbox, organizationId, limit);
    await work(tx, organizationId, rows, given);
    const ids = rows.map((row) => row.id);
    await settleWaiting(tx, outbox, organizationId, ids);
    return rows.length;
  });
}

/** The oldest row is the failing one. It is retried later, and given up in the end. */
async function putOff<Row extends object, Given>(
  ctx: Pick<Ctx, 'db' | 'log'>,
  { outbox, giveUp }: OutboxWork<Row, Given>,
  organizationId: string,
  error: unknown,
): Promise<void> {
  await ctx.db.tenant(organizationId, async (tx) => {
    const [row] = await claimWaiting(tx, outbox, organizationId, 1);
    if (row === undefined) return;
    const attempts = row.attempts + 1;
    const said = { err: error, outbox: outbox.name, row: row.id, attempts };
    if (attempts < outboxAttemptsMax) {
      ctx.log.warn(said, 'a row of an outbox could not be worked on; it is tried again');
      await postponeWaiting(tx, outbox, organizationId, row.id, retrySeconds(attempts));
      return;
    }
    ctx.log.error(said, 'a row of an outbox could not be worked on and is given up');
    const message = cutText(oneLine(error instanceof Error ? error.message : String(error)), errorCharsMax);
    await settleWaiting(tx, outbox, organizationId, [row.id], message);
    await giveUp(tx, organizationId, row, { attempts, message });
  });
}

async function boundIdleness(tx: Tx): Promise<void> {
  await sql`select set_config('idle_in_transaction_session_timeout', ${`${idleSecondsMax}s`}, true)`.execute(
    tx,
  );
}
