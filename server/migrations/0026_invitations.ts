import { type Kysely, sql } from 'kysely';
import { protectTenantTable, systemRole } from '../src/platform/db/roles.ts';

// Compatible: a new table and new columns. The release before still makes members at once; its one-time links
// carry no organization and are judged by where the account is a member.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Who was asked to join and has not said yes. Nobody has an account by it; saying yes makes one.
    create table invitations (
      organization_id uuid not null references organizations on delete cascade,
      -- Becomes the id of the account that it makes.
      id uuid primary key,
      email text not null check (email = lower(email)),
      name text not null,
      role text not null check (role in ('owner', 'admin', 'operator', 'viewer')),
      invited_by text not null,
      -- Of the link, the only proof that this organization means the person who holds it.
      hash bytea not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      constraint invitations_email unique (organization_id, email),
      constraint invitations_hash unique (hash)
    );
    create index invitations_by_email on invitations (email);
    create index invitations_expires_at on invitations (expires_at);
    -- On whose word a password link was made; null: by the release before.
    alter table setup_links add column organization_id uuid references organizations on delete cascade;
    -- Behind row-level security like every table that names an organization; no tenant has a grant on it, either.
    alter table setup_links enable row level security;
    create policy system_rows on setup_links to ${sql.raw(systemRole)} using (true) with check (true);
    -- Goes up with each change of the password; a bearer token of another version is worth nothing.
    alter table users add column token_version integer not null default 0;
  `.execute(db);
  await protectTenantTable(db, 'invitations');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table users drop column token_version;
    drop policy system_rows on setup_links;
    alter table setup_links disable row level security;
    alter table setup_links drop column organization_id;
    drop table invitations;
  `.execute(db);
}
