import { type QueryExecutorProvider, sql, type Transaction } from 'kysely';

/**
 * The release before kept events in its own queue, the schema `pgboss`. Its processes may still run beside this
 * release, so the jobs that they leave are taken over. The next release can remove this file.
 */
const job = sql.table('pgboss.job');
/** The name of the older queue's sessions. */
const olderSession = 'watchkeeper-jobs';
/** Where the older queue kept jobs that failed for good. */
const failedQueue = 'watchkeeper.failed';
/** Its queues were named by event and subscriber; these were the subscribers. */
const names = '^(.+)[.](alerting|checks[.]verdict|telemetry[.](?:state|history))$';
/** An older worker without a sign of life for this long is dead. */
const deadSeconds = 60;
/** Jobs that one statement takes. The next round takes the rest. */
const moveMax = 5_000;
const attemptsKept = 7;
/** For jobs about several organizations at once. */
const noOrganization = '00000000-0000-0000-0000-000000000000';

async function isThere(db: QueryExecutorProvider): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('pgboss.job') is not null as there`.execute(db);
  return rows[0]?.there === true;
}

/** Turns jobs that no older process works on into events. Returns how many. */
export async function takeOverQueue(db: QueryExecutorProvider): Promise<number> {
  if (!(await isThere(db))) return 0;
  return await moveJobs(
    db,
    sql`state in ('created', 'retry') or (state = 'active'
      and coalesce(heartbeat_on, started_on) < clock_timestamp() - make_interval(secs => ${deadSeconds}))`,
  );
}

/**
 * Runs at the start, as the owner: takes over all remaining jobs and drops the queue, unless an older process still has
 * it open.
 */
export async function retireQueue(tx: Transaction<unknown>): Promise<void> {
  if (!(await isThere(tx)) || (await isOpen(tx))) return;
  // From here on, if an older process adds a job, its whole change fails. So nothing that was acknowledged is lost.
  await sql`lock table ${job} in access exclusive mode`.execute(tx);
  if (await isOpen(tx)) return;
  const left = sql`state in ('created', 'retry', 'active')`;
  for (let moved = moveMax; moved === moveMax; ) moved = await moveJobs(tx, left);
  await sql`drop schema pgboss cascade`.execute(tx);
}

async function isOpen(db: QueryExecutorProvider): Promise<boolean> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and application_name = ${olderSession} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

async function moveJobs(db: QueryExecutorProvider, which: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    with taken as (
      delete from ${job} where (name, id) in (
        select name, id from ${job} where (name ~ ${names} or name = ${failedQueue}) and (${which})
        limit ${moveMax} for update skip locked)
      returning name, data, created_on, start_after, retry_count, output, to_jsonb(job) ->> 'source_name' as source_name
    ), events as (
      select regexp_match(case when name = ${failedQueue} then source_name else name end, ${names}) as name,
        coalesce(data, '{}') as data, created_on, start_after, retry_count, name = ${failedQueue} as failed,
        coalesce(output ->> 'message', output #>> '{value,message}', 'It failed in the release before.') as error
      from taken
    ), added as (
      insert into domain_events (organization_id, id, event, subscriber, payload, created_at, planned_at, plan_attempts,
        plan_after, plan_error)
      select coalesce(substring(data ->> 'organizationId' from '^[0-9a-f-]{36}$'), ${noOrganization})::uuid,
        gen_random_uuid(), name[1], name[2], data, created_on, case when failed then created_on end,
        least(retry_count, ${attemptsKept}), least(start_after, clock_timestamp()), case when failed then error end
      from events where name is not null
    )
    select count(*)::int as taken from taken`.execute(db);
  return rows[0]?.taken ?? 0;
}
