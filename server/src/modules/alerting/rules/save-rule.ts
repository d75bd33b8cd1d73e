import { isDeepStrictEqual } from 'node:util';
import { audit, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { closeRuleAlerts } from './close-rule-alerts.ts';
import { escalationKeeper } from './rule-escalation.ts';
import { toSnapshot, toValues } from './rule-view.ts';
import {
  findRule,
  insertRevision,
  insertRule,
  type RuleRow,
  type RuleValues,
  removeRule,
  replaceRule,
} from './store.ts';
import { withEscalation } from './with-escalation.ts';

/** One transaction for one caller. */
export interface Work {
  readonly ctx: Pick<Ctx, 'events' | 'live' | 'clock' | 'parts'>;
  readonly tx: Tx;
  readonly scope: Scope;
  readonly at: Date;
}

export async function addRule(work: Work, values: RuleValues): Promise<RuleRow> {
  const { organizationId } = work.scope;
  const id = newId();
  await insertRule(work.tx, { ...values, id, organizationId, template: false }, work.at);
  await saveEscalation(work, id, values);
  const after = toSnapshot(values);
  await note(work, id, 1, 'created', after);
  await audit(work.tx, work.scope, {
    action: 'rule.created',
    target: { kind: 'rule', id, name: values.name },
    after,
  });
  return await readBack(work, id);
}

/**
 * `before` is locked. If nothing differs, nothing is written. Switching a rule off, or changing its kind, resolves its
 * open alerts.
 */
export async function changeRule(work: Work, before: RuleRow, values: RuleValues): Promise<RuleRow> {
  const { id } = before;
  const after = toSnapshot(values);
  if (isDeepStrictEqual(after, toSnapshot(toValues(before)))) return before;
  await replaceRule(work.tx, id, values, work.at);
  await saveEscalation(work, id, values);
  await note(work, id, before.version + 1, 'updated', after);
  await audit(work.tx, work.scope, {
    action: 'rule.updated',
    target: { kind: 'rule', id, name: values.name },
    before: toSnapshot(toValues(before)),
    after,
  });
  if (!values.enabled) await close(work, id, 'The rule was switched off.');
  else if (values.kind !== before.kind) await close(work, id, 'The rule was changed to another kind.');
  return await readBack(work, id);
}

/** Deletes the rule. Its revisions stay, and its open alerts are resolved with the reason. */
export async function dropRule(work: Work, before: RuleRow): Promise<void> {
  const snapshot = toSnapshot(toValues(before));
  await close(work, before.id, 'The rule was deleted.');
  await removeRule(work.tx, before.id);
  await note(work, before.id, before.version + 1, 'deleted', snapshot);
  await audit(work.tx, work.scope, {
    action: 'rule.deleted',
    target: { kind: 'rule', id: before.id, name: before.name },
    before: snapshot,
  });
}

async function saveEscalation(work: Work, id: string, { name, escalation }: RuleValues): Promise<void> {
  const rule = { id, organizationId: work.scope.organizationId, name };
  await escalationKeeper(work.ctx).save(work.tx, rule, escalation, work.at);
}

async function note(
  work: Work,
  ruleId: string,
  version: number,
  change: 'created' | 'updated' | 'deleted',
  snapshot: object,
): Promise<void> {
  const { organizationId, caller } = work.scope;
  await insertRevision(work.tx, {
    organizationId,
    ruleId,
    version,
    change,
    at: work.at,
    actor: caller,
    snapshot,
  });
  await work.ctx.live.publish(work.tx, { organizationId, topic: 'rule', ids: [ruleId] });
}

async function close(work: Work, ruleId: string, why: string): Promise<void> {
  await closeRuleAlerts(work.ctx, work.tx, ruleId, why, work.scope.caller);
}

async function readBack(work: Work, id: string): Promise<RuleRow> {
  const row = await withEscalation(work.ctx, work.tx, await findRule(work.tx, id));
  if (row === undefined) throw new AppError('internal', 'The rule that was just written cannot be read.');
  return row;
}
