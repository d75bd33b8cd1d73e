import { sql } from 'kysely';
import type { ClientBase } from 'pg';
import { PgBoss } from 'pg-boss';
import type { Config } from '#config';
import {
  collectQueues,
  collectSubscribers,
  heartbeatSeconds,
  jobDefaults,
  keepDoneSeconds,
  type Queue,
  queueOptions,
  retryOf,
} from './boss-queues.ts';
import type { Ctx } from './context.ts';
import { executeRaw, type Tx } from './db/database.ts';
import { bossSchema } from './db/migrate.ts';
import { systemRole } from './db/roles.ts';
import { openSession } from './db/session.ts';
import type { Events } from './events.ts';
import { failedQueue } from './failed-jobs.ts';
import { newId } from './ids.ts';
import type { JobName } from './job-queue.ts';
import type { Jobs } from './jobs.ts';
import { type Logger, logScope } from './log.ts';
import type { Module } from './module.ts';
import { restSeconds } from './rest.ts';
import { storableText, toJson } from './storable.ts';

/** How often a worker looks for jobs when no NOTIFY can reach it (its LISTEN connection was lost). */
const pollSeconds = 2;
const notifiedPollSeconds = 10;
/** How often every process looks for jobs of dead workers. */
const superviseSeconds = 12;
/** Jobs that failed for good are kept this long, for `watchkeeper jobs retry`. */
const keepFailedSeconds = 14 * 86_400;
const bossPoolMax = 6;

export interface Boss {
  readonly jobs: Jobs;
  readonly events: Events;
  /** Registers queues, so that enqueueing works. */
  start(): Promise<void>;
  /** Starts to run jobs in this process. */
  work(ctx: Ctx): Promise<void>;
  /** Runs all due jobs once, and returns how many ran: `watchkeeper work --once`. */
  drain(ctx: Ctx, jobsMax: number): Promise<number>;
  /** Gives jobs that failed for good another try; returns how many. */
  retryFailed(): Promise<number>;
  /** Waits for running jobs at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

export function createBoss(options: {
  url: string;
  log: Logger;
  modules: readonly Module[];
  /** Default: the jobs of all modules. */
  worker?: Config['worker'];
}): Boss {
  const { log, worker } = options;
  const rest = (ownSeconds: number) =>
    worker === undefined ? ownSeconds : restSeconds({ worker }, ownSeconds);
  const retryLimit = worker?.maxRetries ?? jobDefaults.retryLimit;
  const queues = collectQueues(options.modules);
  const subscribers = collectSubscribers(options.modules);
  const boss = new PgBoss({
    ...asSystemRole,
    connectionString: options.url,
    application_name: 'watchkeeper-jobs',
    schema: bossSchema,
    max: bossPoolMax,
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    superviseIntervalSeconds: superviseSeconds,
    // A second less, so that a round never finds the one before too recent.
    monitorIntervalSeconds: superviseSeconds - 1,
    useListenNotify: true,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the job queue reported an error'));
  boss.on('warning', (warning) => log.debug({ warning }, 'the job queue reported a warning'));

  function queueOf(name: string): Queue {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`No module declares the job "${name}".`);
    return queue;
  }

  async function insert(
    tx: Tx,
    name: string,
    rows: readonly { data: object; startAfter?: number; singletonKey?: string }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const { options: own } = queueOf(name);
    const db = { executeSql: (text: string, values?: unknown[]) => executeRawAny(tx, text, values) };
    const jobs = rows.map((row) => ({
      ...row,
      data: storablePayload(row.data),
      id: newId(),
      ...retryOf(own, retryLimit),
    }));
    await boss.insert(name, jobs, { db });
  }

  const nameOf = (job: JobName): string => (typeof job === 'string' ? job : job.name);
  const jobs: Jobs = {
    enqueue: (tx, job, payload, enqueueOptions = {}) =>
      insert(tx, nameOf(job), [
        {
          data: payload,
          ...(enqueueOptions.startAfterSeconds === undefined
            ? {}
            : { startAfter: enqueueOptions.startAfterSeconds }),
          ...(enqueueOptions.singletonKey === undefined ? {} : { singletonKey: enqueueOptions.singletonKey }),
        },
      ]),
    enqueueMany: (tx, job, payloads) =>
      insert(
        tx,
        nameOf(job),
        payloads.map((data) => ({ data })),
      ),
  };

  const events: Events = {
    async publish(tx, event, payload) {
      for (const queue of subscribers.get(event.name) ?? []) await insert(tx, queue, [{ data: payload }]);
    },
  };

  async function runOne(
    ctx: Ctx,
    queue: Queue,
    job: { id: string; data: unknown; retryCount: number; signal: AbortSignal },
  ): Promise<void> {
    await logScope.run({ job: queue.name, job_id: job.id }, async () => {
      if (
        typeof job.data !== 'object' ||
        job.data === null ||
        (queue.validator !== undefined && !queue.validator.Check(job.data))
      ) {
        log.error('a job carries a payload that its schema refuses; it is dropped');
        return;
      }
      try {
        await queue.run(ctx, job.data, job);
      } catch (error) {
        log.warn({ err: error, retry: job.retryCount }, 'a job failed and will be tried again');
        throw toJobFailure(error);
      }
    });
  }

  return {
    jobs,
    events,
    async start() {
      await boss.start();
      const known = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
      if (!known.has(failedQueue))
        await boss.createQueue(failedQueue, {
          retentionSeconds: keepFailedSeconds,
          deleteAfterSeconds: keepDoneSeconds,
        });
      for (const queue of queues.values()) {
        const there = known.get(queue.name);
        if (there === undefined) await boss.createQueue(queue.name, queueOptions(queue, retryLimit));
        // A queue of an earlier release.
        else if (there.deadLetter !== failedQueue || there.heartbeatSeconds !== heartbeatSeconds)
          await boss.updateQueue(queue.name, queueOptions(queue, retryLimit));
      }
    },
    async work(ctx) {
      for (const queue of queues.values()) {
        const workOptions = {
          includeMetadata: true,
          pollingIntervalSeconds: rest(pollSeconds),
          notifyPollingIntervalSeconds: rest(notifiedPollSeconds),
          localConcurrency: queue.options.concurrency ?? jobDefaults.concurrency,
        } as const;
        await boss.work(queue.name, workOptions, async (batch) => {
          for (const job of batch) await runOne(ctx, queue, job);
        });
      }
    },
    async drain(ctx, jobsMax) {
      let ran = 0;
      for (let progressed = true; progressed && ran < jobsMax; ) {
        progressed = false;
        for (const name of await queuesWithJobs(ctx, [...queues.keys()])) {
          const queue = queueOf(name);
          const [job] = await boss.fetch(queue.name, { includeMetadata: true });
          if (job === undefined) continue;
          progressed = true;
          ran += 1;
          const alive = setInterval(
            () => void boss.touch(queue.name, job.id).catch(() => undefined),
            (heartbeatSeconds * 1000) / 2,
          );
          try {
            await runOne(ctx, queue, {
              ...job,
              signal: AbortSignal.timeout(
                (queue.options.expireInSeconds ?? jobDefaults.expireInSeconds) * 1000,
              ),
            });
            await boss.complete(queue.name, job.id);
          } catch (error) {
            await boss.fail(queue.name, job.id, {
              message: error instanceof Error ? error.message : String(error),
            });
          } finally {
            clearInterval(alive);
          }
        }
      }
      return ran;
    },
    retryFailed: () => boss.redrive(failedQueue),
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs, close: true }),
  };
}

/** One look at all queues, because a fetch from each costs a statement that PostgreSQL plans every time. */
async function queuesWithJobs(ctx: Ctx, names: readonly string[]): Promise<string[]> {
  const job = sql.table(`${bossSchema}.job`);
  const { rows } = await ctx.db.system((tx) =>
    sql<{ name: string }>`
      select name from unnest(${names}::text[]) with ordinality as queue (name, place)
      where exists (select from ${job} j
        where j.name = queue.name and j.state < 'active' and not j.blocked and j.start_after <= clock_timestamp())
      order by place`.execute(tx),
  );
  return rows.map((row) => row.name);
}

/** How many bytes of a failure's text are kept with the job. */
const failureLengthMax = 2_000;

/**
 * What the queue writes into the job's row. It keeps every property of an error. A value that the
 * database cannot hold would leave the job, and all jobs after it, running for ever.
 */
function toJobFailure(error: unknown): Error {
  const said = error instanceof Error ? error.message : String(error);
  const failure = new Error(storableText(said.slice(0, failureLengthMax)));
  if (error instanceof Error) failure.stack = storableText((error.stack ?? '').slice(0, failureLengthMax));
  return failure;
}

/** A job's payload in a form that its row can hold. */
function storablePayload(data: object): object {
  return JSON.parse(toJson(data));
}

/** Safe because pg-boss reads rows of its own tables by its own statements. */
// biome-ignore lint/suspicious/noExplicitAny: the library's own signature.
async function executeRawAny(tx: Tx, text: string, values?: unknown[]): Promise<{ rows: any[] }> {
  return await executeRaw(tx, text, values);
}

/** Safe because the library hands its configuration to the driver's pool, whose option this is. */
const asSystemRole: object = {
  onConnect: (client: ClientBase) => openSession(client, { role: systemRole }),
};
