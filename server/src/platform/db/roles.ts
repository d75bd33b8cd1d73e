import { type Kysely, sql } from 'kysely';

/** Sees one organization: policies compare `organization_id` with the transaction's setting. */
export const tenantRole = 'watchkeeper_tenant';
/** Sees all tenants; still no owner, no superuser, no BYPASSRLS. */
export const systemRole = 'watchkeeper_system';

/** Creates the two roles (they belong to the cluster, so another install may have made them) and lets us use them. */
export async function ensureRoles(db: Kysely<unknown>): Promise<void> {
  for (const role of [tenantRole, systemRole]) {
    await sql
      .raw(
        `do $$ begin
           if not exists (select from pg_roles where rolname = '${role}') then
             create role ${role} nologin noinherit;
           end if;
         exception when duplicate_object or unique_violation then null;
         end $$`,
      )
      .execute(db);
    await sql
      .raw(
        `do $$ begin
           if not pg_has_role(session_user, '${role}', 'set') then execute format('grant ${role} to %I', session_user); end if;
         exception when undefined_object or invalid_parameter_value then
           execute format('grant ${role} to %I', session_user);
         end $$`,
      )
      .execute(db);
  }
}

/**
 * Puts a table behind row-level security. Every tenant table leads with `organization_id`;
 * call this in the migration that creates it.
 */
export async function protectTenantTable(db: Kysely<unknown>, table: string): Promise<void> {
  await sql
    .raw(
      `alter table ${table} enable row level security;
       create policy tenant_rows on ${table} to ${tenantRole}
         using (organization_id = nullif(current_setting('watchkeeper.organization_id', true), '')::uuid)
         with check (organization_id = nullif(current_setting('watchkeeper.organization_id', true), '')::uuid);
       create policy system_rows on ${table} to ${systemRole} using (true) with check (true);
       grant select, insert, update, delete on ${table} to ${tenantRole}, ${systemRole};`,
    )
    .execute(db);
}

/** A table no tenant may see: only the system role works on it. */
export async function grantSystemTable(db: Kysely<unknown>, table: string): Promise<void> {
  await sql.raw(`grant select, insert, update, delete on ${table} to ${systemRole}`).execute(db);
}
