import { createRegistry } from '#platform/kinds/registry';
import type { RuleKind } from './kind.ts';
import * as all from './kinds/all.ts';

export const ruleKinds = createRegistry<RuleKind>(Object.values(all));

/** The source of forms, API reference and docs. */
export function describeRuleKinds() {
  return ruleKinds.all.map((kind) => {
    const { secrets: _none, ...described } = ruleKinds.describe(kind);
    return { ...described, subjects: [...kind.subjects] };
  });
}
