import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before goes on writing and reading `rules.escalation`, and two triggers keep that column
// and the rule's policy the same. Who finds an alert due first records it under the alert's lock; the other then
// leaves it. The release after this one drops the triggers and the column.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Who is told of an alert that nobody acknowledges, and after how long.
    create table escalation_policies (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      name text not null,
      -- In order: [{"after_seconds": since the alert opened, "channels": [names, kinds or ids; none: those who were told]}]
      levels jsonb not null check (jsonb_typeof(levels) = 'array'),
      -- The rule whose own it is; it goes with the rule.
      rule_id uuid not null unique,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      foreign key (organization_id, rule_id) references rules (organization_id, id) on delete cascade
    );

    create function levels_of_escalation(escalation jsonb) returns jsonb language sql immutable as $$
      select jsonb_build_array(jsonb_build_object(
        'after_seconds', escalation -> 'escalate_after', 'channels', escalation -> 'escalate_to_channels'))
    $$;

    -- No rule is written between the copy and the triggers.
    lock table rules in share row exclusive mode;
    insert into escalation_policies (organization_id, id, name, levels, rule_id, created_at, updated_at)
    select organization_id, gen_random_uuid(), name, levels_of_escalation(escalation), id, created_at, updated_at
    from rules where escalation is not null;

    -- What the release before writes into a rule becomes its policy.
    create function follow_escalation_of_rule() returns trigger language plpgsql as $$
    begin
      if new.escalation is null then
        delete from escalation_policies where rule_id = new.id;
      else
        insert into escalation_policies (organization_id, id, name, levels, rule_id, created_at, updated_at)
        values (new.organization_id, gen_random_uuid(), new.name, levels_of_escalation(new.escalation), new.id,
          new.updated_at, new.updated_at)
        on conflict (rule_id) do update
          set name = excluded.name, levels = excluded.levels, updated_at = excluded.updated_at;
      end if;
      return null;
    end $$;
    create trigger rules_escalation after insert or update of escalation on rules
      for each row when (pg_trigger_depth() = 0) execute function follow_escalation_of_rule();

    -- What this release writes into a policy is what the release before reads in its rule.
    create function follow_policy_of_rule() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        update rules set escalation = null where id = old.rule_id;
      else
        update rules set escalation = jsonb_build_object('escalate_after', new.levels -> 0 -> 'after_seconds',
          'escalate_to_channels', new.levels -> 0 -> 'channels') where id = new.rule_id;
      end if;
      return null;
    end $$;
    create trigger escalation_policies_of_rule after insert or update or delete on escalation_policies
      for each row when (pg_trigger_depth() = 0) execute function follow_policy_of_rule();
  `.execute(db);
  await protectTenantTable(db, 'escalation_policies');
}

/** The triggers have kept the column, so nothing is to be copied back. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop trigger rules_escalation on rules;
    drop table escalation_policies;
    drop function follow_policy_of_rule;
    drop function follow_escalation_of_rule;
    drop function levels_of_escalation;
  `.execute(db);
}
