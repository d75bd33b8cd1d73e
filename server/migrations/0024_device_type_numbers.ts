import { type Kysely, sql } from 'kysely';

// Compatible. Two numbers of the first device types were used for the wrong settings: the tries of one check are its
// retries, and the failed checks in a row are those before an alert. Types that an operator has changed stay as they
// are.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    update device_types t set retries = n.retries, alert_after_failures = n.alert_after, recover_after_successes = 1
    from (values ('trackman_pc', 2, 3, 2, 3, 2), ('door_controller', 2, 2, 3, 2, 3))
      as n (slug, was_retries, was_alert_after, was_recover, retries, alert_after)
    where t.slug = n.slug and t.version = 1 and t.retries = n.was_retries
      and t.alert_after_failures = n.was_alert_after and t.recover_after_successes = n.was_recover`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    update device_types t set retries = n.was_retries, alert_after_failures = n.was_alert_after,
      recover_after_successes = n.was_recover
    from (values ('trackman_pc', 2, 3, 2, 3, 2), ('door_controller', 2, 2, 3, 2, 3))
      as n (slug, was_retries, was_alert_after, was_recover, retries, alert_after)
    where t.slug = n.slug and t.version = 1 and t.retries = n.retries
      and t.alert_after_failures = n.alert_after and t.recover_after_successes = 1`.execute(db);
}
