import { sql } from 'kysely';
import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';
import { bossSchema } from './db/migrate.ts';
import type { HealthCheck } from './health.ts';

/** Queue of jobs that failed for good, because their handler threw or their workers died. */
export const failedQueue = 'watchkeeper.failed';
const namesMax = 50;

/** Jobs of one name that are not tried again automatically. */
export interface FailedJobs {
  readonly name: string;
  readonly count: number;
  readonly newestAt: Date;
  /** The error of the last try. */
  readonly error: string | null;
}

/** Failed for good and not yet tried again or given up, newest first. Across tenants. */
export async function readFailedJobs(tx: Tx): Promise<FailedJobs[]> {
  const { rows } = await sql<FailedJobs>`
    select coalesce(source_name, 'unknown') as name, count(*)::int as count, max(created_on) as "newestAt",
      (array_agg(coalesce(output ->> 'message', output #>> '{value,message}') order by created_on desc))[1] as error
    from ${sql.raw(bossSchema)}.job where name = ${failedQueue} and state = 'created'
    group by 1 order by 3 desc limit ${namesMax}`.execute(tx);
  return rows;
}

/** Drops them. Returns how many. */
export async function discardFailedJobs(tx: Tx): Promise<number> {
  const { rows } = await sql`
    delete from ${sql.raw(bossSchema)}.job where name = ${failedQueue} and state = 'created' returning id`.execute(
    tx,
  );
  return rows.length;
}

/** Whether background jobs failed for good, in any process. */
export async function checkFailedJobs(ctx: Pick<Ctx, 'db'>): Promise<HealthCheck> {
  const failed = await ctx.db.system((tx) => readFailedJobs(tx));
  const count = failed.reduce((sum, job) => sum + job.count, 0);
  const observed = { observed_value: count, observed_unit: 'jobs' };
  if (count === 0) return { status: 'pass', ...observed };
  const names = failed.map((job) => job.name).join(', ');
  return {
    status: 'warn',
    output: `Jobs failed for good (${names}): "watchkeeper jobs" lists them, tries them again or drops them.`,
    ...observed,
  };
}
