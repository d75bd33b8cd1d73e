import type { RuleRevision } from '@watchkeeper/contracts/rules';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Log } from '../../ui/log';
import { At } from '../../ui/moment';
import type { Tone } from '../../ui/tone';
import { changesInWords, type Lookups } from './rule-words';

const tone: Record<RuleRevision['change'], Tone> = { created: 'ok', updated: 'unknown', deleted: 'problem' };

/** Who changed what, newest first. */
export function RuleHistory({
  revisions,
  lookups,
}: {
  revisions: readonly RuleRevision[];
  lookups: Lookups;
}) {
  const steps = revisions.map((revision, index) => ({ revision, before: revisions[index + 1] }));
  return (
    <Panel title={t.rule.history}>
      <Log
        entries={steps.filter(tellsSomething).map(({ revision, before }) => ({
          id: String(revision.version),
          time: <At at={revision.at} language={t.language} />,
          tone: tone[revision.change],
          text: <RevisionText revision={revision} before={before} lookups={lookups} />,
          note: t.alert.by(revision.actor.name),
        }))}
      />
    </Panel>
  );
}

interface Step {
  revision: RuleRevision;
  /** undefined: the first one, or one so old that it is not kept with the rule. */
  before: RuleRevision | undefined;
}

/** Older servers kept a version of every save, also where nothing had changed. */
function tellsSomething({ revision, before }: Step): boolean {
  if (revision.change !== 'updated' || before === undefined) return true;
  return JSON.stringify(revision.snapshot) !== JSON.stringify(before.snapshot);
}

interface RevisionTextProps extends Step {
  lookups: Lookups;
}

function RevisionText({ revision, before, lookups }: RevisionTextProps) {
  if (revision.change === 'deleted') return t.rule.historyDeleted;
  if (revision.change === 'created' || before === undefined)
    return revision.actor.kind === 'system' ? t.rule.historyFirst : t.rule.historyCreated;
  return (
    <ul>
      {changesInWords(before.snapshot, revision.snapshot, lookups).map(({ field, label, from, to }) => (
        <li key={field}>{t.rule.historyChange(label, from, to)}</li>
      ))}
    </ul>
  );
}
