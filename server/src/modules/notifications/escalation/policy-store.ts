import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';

/** One step of an escalation policy. */
export interface Level {
  /** Since the alert opened. */
  readonly after_seconds: number;
  /** Names, kinds or ids of channels; none: the channels that were notified of the alert. */
  readonly channels: readonly string[];
}

/** The levels of the policies of these rules, in order; rules without a policy are left out. */
export async function readPolicies(
  tx: Tx,
  ruleIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Level[]>> {
  const { rows } = await sql<{ rule_id: string; levels: Level[] }>`
    select rule_id, levels from escalation_policies where rule_id = any(${[...ruleIds]}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.rule_id, row.levels]));
}

export interface OwnPolicy {
  readonly organizationId: string;
  readonly ruleId: string;
  readonly name: string;
  readonly levels: readonly Level[];
}

/** Writes the policy of one rule, new or in place of the old one. */
export async function putPolicy(tx: Tx, policy: OwnPolicy, at: Date): Promise<void> {
  await sql`
    insert into escalation_policies (organization_id, id, name, levels, rule_id, created_at, updated_at)
    values (${policy.organizationId}, ${newId()}, ${policy.name}, ${JSON.stringify(policy.levels)}::jsonb, ${policy.ruleId},
      ${at}, ${at})
    on conflict (rule_id) do update set name = excluded.name, levels = excluded.levels, updated_at = excluded.updated_at`.execute(
    tx,
  );
}

export async function removePolicy(tx: Tx, ruleId: string): Promise<void> {
  await sql`delete from escalation_policies where rule_id = ${ruleId}`.execute(tx);
}

/** The rules whose policy names a channel by this word, in any case. */
export async function listRulesNaming(tx: Tx, organizationId: string, word: string): Promise<string[]> {
  const { rows } = await sql<{ rule_id: string }>`
    select rule_id from escalation_policies p
    where organization_id = ${organizationId} and exists (
      select from jsonb_array_elements(p.levels) as l (level), jsonb_array_elements_text(l.level -> 'channels') as named (word)
      where lower(trim(named.word)) = lower(trim(${word})))`.execute(tx);
  return rows.map((row) => row.rule_id);
}
