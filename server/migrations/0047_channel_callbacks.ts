import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before takes no callbacks.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Callbacks that were taken, so that a copy of one is known. Kept for a day.
    create table channel_callbacks (
      organization_id uuid not null references organizations on delete cascade,
      channel_id uuid not null references channels on delete cascade,
      -- Of a genuine request; no two have the same.
      mark text not null,
      taken_at timestamptz not null,
      primary key (channel_id, mark)
    );
    create index channel_callbacks_age on channel_callbacks (taken_at);
  `.execute(db);
  await protectTenantTable(db, 'channel_callbacks');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table channel_callbacks`.execute(db);
}
