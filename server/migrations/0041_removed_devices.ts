import { type Kysely, sql } from 'kysely';
import { grantSystemTable } from '../src/platform/db/roles.ts';

// Compatible: the previous release neither writes nor reads it. Devices that it removes are purged only by its jobs.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Keys of deleted devices whose history still exists. The row is the work to do, even if its job is lost.
    create table removed_devices (
      device_key integer primary key
    );
    -- The transaction that removes a device sees one organization. The device's key names none.
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
