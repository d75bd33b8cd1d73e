import { toValues } from './rule-view.ts';
import { changeRule, type Work } from './save-rule.ts';
import type { Escalation, RuleRow } from './store.ts';
import { lockRulesNaming } from './store.ts';

export interface RenamedChannel {
  readonly from: string;
  readonly to: string;
  /** Whether the old word still means something: a kind, or another channel of that name. */
  readonly fromStays: boolean;
}

/** Rules that named a channel go on naming it: each change is a version with its author, as if made by hand. */
export async function followChannel(work: Work, renamed: RenamedChannel): Promise<void> {
  for (const rule of await lockRulesNaming(work.tx, work.scope.organizationId, renamed.from)) {
    await changeRule(work, rule, {
      ...toValues(rule),
      channels: renameIn(rule.channels, renamed),
      escalation: renameEscalation(rule, renamed),
    });
  }
}

function renameEscalation({ escalation }: RuleRow, renamed: RenamedChannel): Escalation | null {
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
