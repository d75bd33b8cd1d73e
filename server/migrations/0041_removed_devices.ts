import { type Kysely, sql } from 'kysely';
import { grantSystemTable } from '../src/platform/db/roles.ts';

// Compatible: the release before neither writes nor reads it; what it removes is purged by its jobs alone.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Keys of devices that are gone and whose history is not yet: the row is the work, whatever becomes of its job.
    create table removed_devices (
      device_key integer primary key
    );
    -- Whoever removes a device sees one organization; its key says nothing of any.
    create function note_removed_device() returns trigger language plpgsql
      security definer set search_path = public, pg_temp as $$
    begin
      insert into removed_devices (device_key) values (old.key) on conflict do nothing;
      return null;
    end $$;
    create trigger devices_removed after delete on devices for each row execute function note_removed_device();
  `.execute(db);
  await grantSystemTable(db, 'removed_devices');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop trigger devices_removed on devices;
    drop function note_removed_device;
    drop table removed_devices;
  `.execute(db);
}
