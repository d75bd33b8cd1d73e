import { type Kysely, sql } from 'kysely';
import { grantSystemTable, systemRole } from '../src/platform/db/roles.ts';

// Compatible: new tables, a function and five more default rules.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- About the installation, so no tenant sees it. A row means that somebody has set it; null: set back since.
    create table monitoring_settings (
      name text primary key,
      value double precision,
      set_at timestamptz not null,
      set_by text not null,
      version integer not null default 1
    );
    -- The past of Watchkeeper's own services, as stretches: one row for as long as nothing changes.
    create table service_health (
      service text not null,
      from_at timestamptz not null,
      -- The last look with this result.
      to_at timestamptz not null,
      status text not null check (status in ('pass', 'warn', 'fail')),
      output text,
      primary key (service, from_at)
    );
  `.execute(db);
  for (const table of ['monitoring_settings', 'service_health']) await grantSystemTable(db, table);
  await createFigures(db);
  await seedRules(db);
}

/**
 * PostgreSQL shows other sessions' activity only to their owner. So this runs as the owner, and returns figures, not
 * the text of statements.
 */
async function createFigures(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create function operations_database() returns jsonb
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select jsonb_build_object(
        'size_bytes', pg_database_size(current_database()),
        'connections_max', current_setting('max_connections')::int,
        'connections', a.total, 'connections_active', a.active, 'idle_in_transaction', a.idle_in_transaction,
        'waiting_for_locks', a.waiting, 'longest_query_seconds', a.longest_query,
        'longest_transaction_seconds', a.longest_transaction,
        'locks', (select count(*) from pg_locks l where l.database = d.oid),
        'locks_waiting', (select count(*) from pg_locks l where l.database = d.oid and not l.granted),
        'commits', s.xact_commit, 'rollbacks', s.xact_rollback, 'deadlocks', s.deadlocks,
        'blocks_read', s.blks_read, 'blocks_hit', s.blks_hit, 'temp_bytes', s.temp_bytes,
        'largest_tables', (
          select jsonb_agg(t order by t.bytes desc) from (
            select coalesce(parent.relname, c.relname) as name, sum(pg_total_relation_size(c.oid)) as bytes,
              sum(greatest(c.reltuples, 0))::bigint as rows_estimate
            from pg_class c
            left join pg_inherits i on i.inhrelid = c.oid left join pg_class parent on parent.oid = i.inhparent
            where c.relkind = 'r' and c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'pgboss'))
            group by 1 order by 2 desc limit 8) t))
      from pg_database d join pg_stat_database s on s.datid = d.oid
      cross join lateral (
        select count(*) as total, count(*) filter (where state = 'active') as active,
          count(*) filter (where state like 'idle in transaction%') as idle_in_transaction,
          count(*) filter (where wait_event_type = 'Lock') as waiting,
          coalesce(max(extract(epoch from clock_timestamp() - query_start)) filter (where state = 'active' and pid <> pg_backend_pid()), 0)::float8 as longest_query,
          coalesce(max(extract(epoch from clock_timestamp() - xact_start)) filter (where pid <> pg_backend_pid()), 0)::float8 as longest_transaction
        from pg_stat_activity where datid = d.oid and backend_type = 'client backend') a
      where d.datname = current_database() $$;
    revoke all on function operations_database() from public;
    grant execute on function operations_database() to ${systemRole};
  `)
    .execute(db);
}

/** Adds these rules to organizations that already have their first rules. New ones get them with the others. */
async function seedRules(db: Kysely<unknown>): Promise<void> {
  for (const [type, name, metric, severity] of seeds) {
    const config = {
      metric,
      source: null,
      endpoint: null,
      condition: { operator: '>', threshold: null, duration: 5 },
      minimum_points: 3,
    };
    await sql`
      insert into rules (organization_id, id, type, name, kind, config, severity, auto_resolve, cooldown_seconds, template,
        created_at, updated_at)
      select o.id, gen_random_uuid(), ${type}, ${name}, 'metric', ${JSON.stringify(config)}::jsonb, ${severity}, true, 900, true,
        now(), now()
      from organizations o where exists (select from rules r where r.organization_id = o.id)
    `.execute(db);
  }
}

const seeds = [
  ['host_cpu_high', 'Host CPU', 'cpu_usage', 'medium'],
  ['host_memory_high', 'Host memory', 'memory_usage', 'medium'],
  ['host_disk_high', 'Host disk', 'disk_usage', 'high'],
  ['response_time_high', 'Response time', 'latency_p95', 'medium'],
  ['error_rate_high', 'Error rate', 'server_errors', 'high'],
] as const;

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    delete from alerts where kind = 'metric';
    delete from rules where kind = 'metric';
    drop function operations_database();
    drop table monitoring_settings, service_health;
  `.execute(db);
}
