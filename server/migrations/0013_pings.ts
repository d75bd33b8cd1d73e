import { type Kysely, sql } from 'kysely';
import { grantSystemTable, protectTenantTable } from '../src/platform/db/roles.ts';

const tenantTables = ['ping_keys', 'ping_checks', 'check_pings'];

// Compatible: new tables only. The previous release ignores checks of the kind `ping`: they are never due.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ping_keys (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      name text not null,
      -- The key as in URLs. Users who may change checks can see it again, so it is not a hash.
      key text not null unique,
      created_at timestamptz not null
    );
    create index ping_keys_organization on ping_keys (organization_id, created_at);

    -- Belongs to the rows in checks and check_state. Pings rewrite it. No column that they write is indexed, so that a
    -- ping updates no index.
    create table ping_checks (
      organization_id uuid not null,
      check_id uuid primary key,
      ping_id uuid not null unique,
      push_token text not null unique,
      pings bigint not null default 0,
      last_ping_at timestamptz,
      last_kind text,
      last_duration_ms double precision,
      -- Running jobs: [{rid, startedAt, overdue}].
      runs jsonb not null default '[]',
      expected_at timestamptz,
      -- When silence becomes a failure.
      alarm_at timestamptz,
      -- When to check alarm_at: never later than it, and usually earlier, because a ping moves only the alarm.
      wake_at timestamptz,
      foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade
    ) with (fillfactor = 70);
    create index ping_checks_wake on ping_checks (wake_at) where wake_at is not null;

    -- The last pings of each check: number n is in slot n modulo the number kept.
    create table check_pings (
      organization_id uuid not null,
      check_id uuid not null,
      slot smallint not null,
      n bigint not null,
      at timestamptz not null,
      kind text not null,
      source text not null,
      exit_status smallint,
      rid text,
      method text not null,
      remote_address text not null,
      user_agent text not null,
      duration_ms double precision,
      body bytea,
      body_bytes bigint not null,
      primary key (check_id, slot),
      foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade
    ) with (fillfactor = 80);

    -- Pings that intake has acknowledged and that are not applied yet: one row per batch, of all tenants.
    create table ping_journal (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      items text not null,
      -- It could not be applied, and is kept for a person to inspect.
      faulty boolean not null default false
    );
    -- Short-lived: compressing it would cost more than it saves.
    alter table ping_journal alter column items set storage external;
  `.execute(db);
  for (const table of tenantTables) await protectTenantTable(db, table);
  await grantSystemTable(db, 'ping_journal');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table ping_journal, check_pings, ping_checks, ping_keys;
    delete from checks where kind = 'ping';
  `.execute(db);
}
