import { type Kysely, sql } from 'kysely';

// Compatible: the previous release writes scopes without the new column, and does not read scopes that it does not
// know.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table maintenance_scopes add column check_id uuid,
      drop constraint maintenance_scopes_kind_check, drop constraint maintenance_scopes_check,
      add constraint maintenance_scopes_kind_check check (kind in ('all', 'area', 'device', 'device_type', 'check')),
      add constraint maintenance_scopes_check
        check (num_nonnulls(area_id, device_id, device_type_id, check_id) = (kind <> 'all')::int),
      add foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete from maintenance_scopes where kind = 'check'`.execute(db);
  await sql`
    alter table maintenance_scopes drop constraint maintenance_scopes_kind_check, drop constraint maintenance_scopes_check,
      drop column check_id,
      add constraint maintenance_scopes_kind_check check (kind in ('all', 'area', 'device', 'device_type')),
      add constraint maintenance_scopes_check
        check (num_nonnulls(area_id, device_id, device_type_id) = (kind <> 'all')::int)`.execute(db);
}
