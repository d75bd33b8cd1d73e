import type { Rule, RuleBody } from '@watchkeeper/contracts/rules';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { useLookups } from './lookups';
import { bodyOf } from './rule-actions';
import { changesInWords } from './rule-words';

interface MergeQuestionProps {
  /** The values at the start of the edit. */
  base: Rule;
  theirs: Rule;
  mine: RuleBody;
  busy: boolean;
  onMine: () => void;
  onTheirs: () => void;
}

/** Two people edited at once: what the other one changed, and whose word counts. */
export function MergeQuestion({ base, theirs, mine, busy, onMine, onTheirs }: MergeQuestionProps) {
  const lookups = useLookups();
  const before = { ...bodyOf(base) };
  const changes = changesInWords(before, { ...bodyOf(theirs) }, lookups);
  const own = new Set(changesInWords(before, { ...mine }, lookups).map((change) => change.field));
  return (
    <Notice
      tone="attention"
      role="alert"
      title={t.rule.mergeTitle}
      className="mt-6"
      action={
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" busy={busy} onClick={onMine}>
            {t.rule.mergeMine}
          </Button>
          <Button onClick={onTheirs}>{t.rule.mergeTheirs}</Button>
        </div>
      }
    >
      <p>{t.rule.mergeText}</p>
      <ul className="mt-1">
        {changes.map(({ field, label, from, to }) => (
          <li key={field}>
            {t.rule.historyChange(label, from, to)}
            {own.has(field) ? <span className="text-attention"> {t.rule.mergeBoth}</span> : null}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
