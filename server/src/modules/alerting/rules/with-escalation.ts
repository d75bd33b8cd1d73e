import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { escalationKeeper } from './rule-escalation.ts';
import type { RuleRow, StoredRule } from './store.ts';

/** The given rules, each with its escalation, in the same order. */
export async function withEscalations(
  ctx: Pick<Ctx, 'parts'>,
  tx: Tx,
  rows: readonly StoredRule[],
): Promise<RuleRow[]> {
  if (rows.length === 0) return [];
  const escalations = await escalationKeeper(ctx).read(
    tx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({ ...row, escalation: escalations.get(row.id) ?? null }));
}

/** The same for one rule that may not exist. */
export async function withEscalation(
  ctx: Pick<Ctx, 'parts'>,
  tx: Tx,
  row: StoredRule | undefined,
): Promise<RuleRow | undefined> {
  return row === undefined ? undefined : (await withEscalations(ctx, tx, [row]))[0];
}
