import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: a new table that older releases do not read.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Saved filters of the inbox, with a name that a person gave them.
    create table alert_views (
      organization_id uuid not null references organizations on delete cascade,
      user_id uuid not null references users on delete cascade,
      name text not null,
      filter jsonb not null,
      updated_at timestamptz not null,
      primary key (organization_id, user_id, name)
    );
    create index alert_views_user on alert_views (user_id);
  `.execute(db);
  await protectTenantTable(db, 'alert_views');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table alert_views`.execute(db);
}
