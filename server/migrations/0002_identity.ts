import { type Kysely, sql } from 'kysely';
import { grantSystemTable, protectTenantTable, systemRole, tenantRole } from '../src/platform/db/roles.ts';

// Compatible: first release.
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTenancy(db);
  await createAccounts(db);
  await createCredentials(db);
  await protect(db);
}

async function createTenancy(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table organizations (
      id uuid primary key,
      -- Devices send it as tenant_id, and it is part of every path, so it never changes.
      slug text not null check (slug = lower(slug)),
      name text not null,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint organizations_slug unique (slug)
    );
    -- users, sessions, accounts and verifications have the columns that better-auth reads and writes.
    create table users (
      id uuid primary key,
      name text not null,
      email text not null check (email = lower(email)),
      email_verified boolean not null default false,
      image text,
      -- 'provider': may act in every organization. Only SQL in this module sets it.
      provider_role text check (provider_role = 'provider'),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint users_email unique (email)
    );
    create table members (
      organization_id uuid not null references organizations on delete cascade,
      user_id uuid not null references users on delete cascade,
      role text not null check (role in ('owner', 'admin', 'operator', 'viewer')),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (organization_id, user_id)
    );
    create index members_user on members (user_id);
  `.execute(db);
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sessions (
      id uuid primary key,
      user_id uuid not null references users on delete cascade,
      token text not null,
      ip_address text,
      user_agent text,
      expires_at timestamptz not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint sessions_token unique (token)
    );
    create index sessions_user on sessions (user_id);
    create index sessions_expires_at on sessions (expires_at);
    create table accounts (
      id uuid primary key,
      user_id uuid not null references users on delete cascade,
      provider_id text not null,
      account_id text not null,
      password text,
      access_token text,
      refresh_token text,
      id_token text,
      access_token_expires_at timestamptz,
      refresh_token_expires_at timestamptz,
      scope text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint accounts_provider_account unique (provider_id, account_id)
    );
    create index accounts_user on accounts (user_id);
    create table verifications (
      id uuid primary key,
      identifier text not null,
      value text not null,
      expires_at timestamptz not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index verifications_identifier on verifications (identifier);
    -- One-time links: with user_id null, a link sets up the first owner; otherwise that user can choose a password.
    create table setup_links (
      hash bytea primary key,
      user_id uuid references users on delete cascade,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz
    );
    create index setup_links_user on setup_links (user_id);
    -- Our own secrets, encrypted under the installation's key: 'session' signs cookies, 'token' signs JWTs.
    create table identity_keys (
      id uuid primary key,
      purpose text not null check (purpose in ('session', 'token')),
      sealed text not null,
      created_at timestamptz not null,
      retired_at timestamptz
    );
    create unique index identity_keys_current on identity_keys (purpose) where retired_at is null;
  `.execute(db);
}

async function createCredentials(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_keys (
      id uuid primary key,
      -- null: provider scope. The tenant policy compares this with the tenant's own id, and null equals nothing.
      organization_id uuid references organizations on delete cascade,
      name text not null,
      prefix text not null,
      hash bytea not null,
      scopes text[] not null,
      expires_at timestamptz,
      last_used_at timestamptz,
      created_by_kind text not null,
      created_by_id text not null,
      created_by_name text not null,
      created_at timestamptz not null,
      revoked_at timestamptz,
      constraint api_keys_hash unique (hash)
    );
    create index api_keys_organization on api_keys (organization_id, created_at desc, id desc);
    -- No reference to devices: they belong to a higher floor, which removes the token together with the device.
    create table device_tokens (
      organization_id uuid not null references organizations on delete cascade,
      device_id uuid primary key,
      hash bytea not null,
      created_at timestamptz not null default now(),
      last_used_at timestamptz,
      constraint device_tokens_hash unique (hash)
    );
    -- No reference to organizations: the record must outlive the organization.
    create table audit_log (
      id uuid primary key,
      organization_id uuid,
      -- By the database's clock, so that there is one order for all processes. In milliseconds, as in cursors.
      at timestamptz(3) not null default now(),
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      action text not null,
      target_kind text not null,
      target_id text not null,
      target_name text not null,
      before jsonb,
      after jsonb,
      request_id text not null,
      ip text
    );
    create index audit_log_by_time on audit_log (organization_id, at desc, id desc);
  `.execute(db);
}

const current = `nullif(current_setting('watchkeeper.organization_id', true), '')::uuid`;

async function protect(db: Kysely<unknown>): Promise<void> {
  for (const table of ['members', 'api_keys', 'device_tokens', 'audit_log'])
    await protectTenantTable(db, table);
  for (const table of ['sessions', 'accounts', 'verifications', 'setup_links', 'identity_keys']) {
    await grantSystemTable(db, table);
  }
  await sql
    .raw(
      `-- Append-only: even this application cannot change what it has recorded.
       revoke update, delete on audit_log from ${tenantRole}, ${systemRole};
       alter table organizations enable row level security;
       create policy tenant_rows on organizations to ${tenantRole} using (id = ${current}) with check (id = ${current});
       create policy system_rows on organizations to ${systemRole} using (true) with check (true);
       grant select, update on organizations to ${tenantRole};
       grant select, insert, update, delete on organizations to ${systemRole};
       -- A tenant sees who its members are, but nothing else of an account.
       alter table users enable row level security;
       create policy tenant_rows on users for select to ${tenantRole} using (
         exists (select from members where members.user_id = users.id and members.organization_id = ${current}));
       create policy system_rows on users to ${systemRole} using (true) with check (true);
       grant select (id, name, email) on users to ${tenantRole};
       grant select, insert, update, delete on users to ${systemRole};`,
    )
    .execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table audit_log, device_tokens, api_keys, identity_keys, setup_links, verifications, accounts,
      sessions, members, users, organizations
  `.execute(db);
}
