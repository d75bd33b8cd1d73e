import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before neither writes nor reads the new columns, and asks nobody to confirm.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recipients
      -- The language of mails and pages to them; null: English.
      add column language text,
      -- By themselves, or by a mail server that does not know the address; null: by somebody else.
      add column suppressed_cause text check (suppressed_cause in ('unsubscribed', 'bounced'));
    create index recipients_address on recipients (organization_id, kind, address);

    -- Mails that asked for a confirmation: an address gets a few an hour, whoever asks. Kept for a day.
    create table recipient_confirmations (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      kind text not null,
      address text not null,
      asked_at timestamptz not null
    );
    create index recipient_confirmations_address on recipient_confirmations (kind, address, asked_at);
    create index recipient_confirmations_age on recipient_confirmations (asked_at);
  `.execute(db);
  await protectTenantTable(db, 'recipient_confirmations');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table recipient_confirmations;
    drop index recipients_address;
    alter table recipients drop column suppressed_cause, drop column language;
  `.execute(db);
}
