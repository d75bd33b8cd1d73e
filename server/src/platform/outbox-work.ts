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

/** Rows that one transaction works on; what happened together is worked on together up to here. */
const batchMax = 500;
/** Organizations that one round looks after; the next round takes the rest. */
const organizationsMax = 500;
/** One row that cannot be worked on is tried this often (some two minutes), then it is given up. */
export const outboxAttemptsMax = 8;
const retrySecondsMax = 60;
/** How long what failed for the nth time waits for its next attempt: 2, 4, 8 ... 60 s. */
export const retrySeconds = (attempts: number) => Math.min(2 ** attempts, retrySecondsMax);
/** A process that hangs between two statements holds an organization's rows no longer than this. */
const idleSecondsMax = 15;
const errorCharsMax = 300;

export interface OutboxWork<Row extends object, Given> {
  readonly outbox: Outbox<Row>;
  /** What the work needs besides, read before its transaction begins. */
  readonly prepare: () => Promise<Given>;
  /** False: somebody else works for this organization just now, and takes these rows as well. */
  readonly begin: (tx: Tx, organizationId: string) => Promise<boolean>;
  /** Works on rows that are claimed, oldest first, in the transaction that settles them. */
  readonly work: (
    tx: Tx,
    organizationId: string,
    rows: readonly Waiting<Row>[],
    given: Given,
  ) => Promise<void>;
  /** One row is given up: says so where people look. */
  readonly giveUp: (
    tx: Tx,
    organizationId: string,
    row: Waiting<Row>,
    failure: { readonly attempts: number; readonly message: string },
  ) => Promise<void>;
}

/** Works on whatever waits, in any process. Returns how many rows were settled. */
export async function workOutbox<Row extends object, Given>(
  ctx: Pick<Ctx, 'db' | 'log'>,
  work: OutboxWork<Row, Given>,
  signal: AbortSignal,
): Promise<number> {
  // Across tenants: a row that was left behind names no process.
  const organizations = await ctx.db.system((tx) => listWaiting(tx, work.outbox, organizationsMax));
  let settled = 0;
  for (const organizationId of organizations) {
    if (signal.aborted) break;
    settled += await workFor(ctx, work, organizationId);
  }
  return settled;
}

/** Halves what cannot be worked on together until the one that is at fault stands alone. */
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

/** The oldest one is at fault: it is tried again later, and in the end given up. */
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
