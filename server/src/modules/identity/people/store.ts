import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { Person } from '#platform/privacy';

/**
 * The ids and the names under which rows know a person: those of its account and its invitations, and the names that
 * it went by in the audit.
 */
export async function findPerson(tx: Tx, address: string): Promise<Person> {
  const email = address.trim().toLowerCase();
  const { rows } = await sql<{ id: string; name: string }>`
    with own as (
      select id, name from users where lower(email) = ${email}
      union all select id, name from invitations where lower(email) = ${email}
    )
    select id::text, name from own
    union select a.actor_id, a.actor_name from audit_log a where a.actor_id in (select id::text from own)`.execute(
    tx,
  );
  const names = rows
    .map(({ name }) => name.trim())
    .filter((name) => name !== '' && name.toLowerCase() !== email);
  return { email, ids: [...new Set(rows.map(({ id }) => id))], names: [...new Set(names)] };
}

export interface Membership {
  readonly organizationId: string;
  readonly slug: string;
  /** The organization has no other owner. */
  readonly lastOwner: boolean;
}

/** With its organizations held: none of them loses its last owner meanwhile. */
export async function lockMemberships(tx: Tx, person: Person): Promise<Membership[]> {
  const ids = [...person.ids];
  await sql`
    select from organizations where id in (select organization_id from members where user_id = any(${ids}::uuid[]))
    order by id for update`.execute(tx);
  const { rows } = await sql<Membership>`
    select o.id as "organizationId", o.slug, m.role = 'owner' and not exists (
      select from members x where x.organization_id = o.id and x.role = 'owner' and x.user_id <> m.user_id
    ) as "lastOwner"
    from members m join organizations o on o.id = m.organization_id where m.user_id = any(${ids}::uuid[])
    order by o.slug`.execute(tx);
  return rows;
}
