import type { Verdict } from '@watchkeeper/contracts';
import type { SiteFacts } from './facts.ts';
import { judgeOurs } from './our-outage.ts';
import { judgePart } from './partial-failure.ts';
import { judgeQuietLine } from './quiet-line.ts';
import { judgeSource } from './source-outage.ts';
import { judgeWhole } from './whole-site.ts';
import { sortWitnesses, type Witnesses } from './witnesses.ts';

/**
 * In this order: first what makes the evidence itself worthless (our own outage, a third party that cannot be read), then
 * what the evidence says of the site. The first that fits is the verdict.
 */
const judges: readonly ((facts: SiteFacts, seen: Witnesses) => Verdict | null)[] = [
  judgeOurs,
  judgeSource,
  judgeWhole,
  judgePart,
  judgeQuietLine,
];

/** What probably happened at a site; null: the facts do not say. Pure. */
export function judgeSite(facts: SiteFacts): Verdict | null {
  const seen = sortWitnesses(facts);
  for (const judge of judges) {
    const verdict = judge(facts, seen);
    if (verdict !== null) return verdict;
  }
  return null;
}
