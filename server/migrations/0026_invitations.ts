import { type Kysely, sql } from 'kysely';
import { protectTenantTable, systemRole } from '../src/platform/db/roles.ts';

// Compatible: a new table and new columns. The previous release still creates members at once. Its one-time links have
// no organization, and are judged by the organizations of the account.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- People who were asked to join and have not accepted. An invitation is not an account; accepting it creates one.
    create table invitations (
      organization_id uuid not null references organizations on delete cascade,
      -- Becomes the id of the account that it creates.
      id uuid primary key,
      email text not null check (email = lower(email)),
      name text not null,
      role text not null check (role in ('owner', 'admin', 'operator', 'viewer')),
      invited_by text not null,
      -- The hash of the link, which is the only proof that the organization invited its holder.
      hash bytea not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      constraint invitations_email unique (organization_id, email),
      constraint invitations_hash unique (hash)
    );
    create index invitations_by_email on invitations (email);
    create index invitations_expires_at on invitations (expires_at);
    -- The organization that made a password link; null: made by the previous release.
    alter table setup_links add column organization_id uuid references organizations on delete cascade;
    -- Behind row-level security like every table with an organization. In addition, tenants have no grant on it.
    alter table setup_links enable row level security;
    create policy system_rows on setup_links to ${sql.raw(systemRole)} using (true) with check (true);
    -- Rises with each change of the password. A bearer token with another version is not valid.
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
