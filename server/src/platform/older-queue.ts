import { type QueryExecutorProvider, sql, type Transaction } from 'kysely';

/**
 * The release before kept events in a queue of its own, the schema `pgboss`. Its processes may still run beside this
 * release, so what they leave there is taken over. The next release needs this file no more.
 */
const job = sql.table('pgboss.job');
/** How the sessions of the older queue name themselves. */
const olderSession = 'watchkeeper-jobs';
/** Where the older queue kept jobs that failed for good. */
const failedQueue = 'watchkeeper.failed';
/** Its queues were named by event and subscriber; these were the subscribers. */
const names = '^(.+)[.](alerting|checks[.]verdict|telemetry[.](?:state|history))$';
/** An older worker that gave no sign of life for this long is dead. */
const deadSeconds = 60;
/** Jobs that one statement takes; the next round goes on. */
const moveMax = 5_000;
const attemptsKept = 7;
/** Jobs of several organizations at once. */
const noOrganization = '00000000-0000-0000-0000-000000000000';

async function isThere(db: QueryExecutorProvider): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('pgboss.job') is not null as there`.execute(db);
  return rows[0]?.there === true;
}

/** Makes events of jobs that no older process works on. Returns how many. */
export async function takeOverQueue(db: QueryExecutorProvider): Promise<number> {
  if (!(await isThere(db))) return 0;
  return await moveJobs(
    db,
    sql`state in ('created', 'retry') or (state = 'active'
      and coalesce(heartbeat_on, started_on) < clock_timestamp() - make_interval(secs => ${deadSeconds}))`,
  );
}

/** At the start, as the owner: takes all that is left and drops the queue, unless an older process still has it open. */
export async function retireQueue(tx: Transaction<unknown>): Promise<void> {
  if (!(await isThere(tx)) || (await isOpen(tx))) return;
  // What a process would add from here on fails with its change, so nothing that was acknowledged is lost.
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
