import { escalationKeeper, type RuleEscalation } from './rule-escalation.ts';
import { toValues } from './rule-view.ts';
import { changeRule, type Work } from './save-rule.ts';
import { lockRulesNaming, type RuleRow } from './store.ts';
import { withEscalations } from './with-escalation.ts';

export interface RenamedChannel {
  readonly from: string;
  readonly to: string;
  /** Whether the old name still means a channel: it is also a kind, or another channel's name. */
  readonly fromStays: boolean;
}

/** Rules that name a channel follow its new name. Each change is a revision with an author, as if made by hand. */
export async function followChannel(work: Work, renamed: RenamedChannel): Promise<void> {
  const { ctx, tx, scope } = work;
  const escalating = await escalationKeeper(ctx).listNaming(tx, scope.organizationId, renamed.from);
  const naming = await lockRulesNaming(tx, scope.organizationId, renamed.from, escalating);
  for (const rule of await withEscalations(ctx, tx, naming)) {
    await changeRule(work, rule, {
      ...toValues(rule),
      channels: renameIn(rule.channels, renamed),
      escalation: renameEscalation(rule, renamed),
    });
  }
}

function renameEscalation({ escalation }: RuleRow, renamed: RenamedChannel): RuleEscalation | null {
  if (escalation === null) return null;
  return {
    ...escalation,
    escalate_to_channels: renameIn(escalation.escalate_to_channels, renamed),
  };
}

function renameIn(words: readonly string[], { from, to, fromStays }: RenamedChannel): string[] {
  const said = from.trim().toLowerCase();
  const renamed = words.flatMap((word) => {
    if (word.trim().toLowerCase() !== said) return [word];
    return fromStays ? [word, to] : [to];
  });
  return [...new Set(renamed)];
}
