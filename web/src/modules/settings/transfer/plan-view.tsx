import type { ApplyAnswer, PlanStep } from '@watchkeeper/contracts/manifest';
import { copyWords } from '../../../app/copy-words';
import { t } from '../../../messages';
import { Button } from '../../../ui/button';
import { classes } from '../../../ui/classes';
import { CopyBlock } from '../../../ui/copy';
import { Notice } from '../../../ui/notice';
import { countPlan, planValue } from './plan';

const toneOf = {
  create: 'bg-ok-soft text-ok',
  update: 'bg-attention-soft text-attention',
  delete: 'bg-problem-soft text-problem',
} as const;

interface PlanProps {
  plan: readonly PlanStep[];
  busy: boolean;
  onApply: () => void;
}

/** The changes of the file, before they are made. */
export function Plan({ plan, busy, onApply }: PlanProps) {
  const words = t.settings.transfer;
  const count = countPlan(plan);
  const steps = plan.filter((step) => step.action !== 'unchanged');
  if (steps.length === 0) {
    return (
      <Notice tone="ok" role="status" className="mt-5">
        {words.same}
      </Notice>
    );
  }
  return (
    <section aria-label={words.differences} className="mt-6">
      <h3 className="text-3 font-semibold">{words.differences}</h3>
      <p role="status" className="mt-1 text-2 text-ink-2">
        {words.plan(count.create, count.update, count.delete, count.unchanged)}
      </p>
      <ol className="my-4 divide-y divide-line rounded-2 border border-line">
        {steps.map((step) => (
          <Step key={`${step.action} ${step.kind} ${step.key}`} step={step} />
        ))}
      </ol>
      {count.delete > 0 ? (
        <Notice tone="attention" className="mb-4">
          {words.removes(count.delete)}
        </Notice>
      ) : null}
      <Button variant="primary" busy={busy} onClick={onApply}>
        {words.apply}
      </Button>
    </section>
  );
}

function Step({ step }: { step: PlanStep }) {
  const words = t.settings.transfer;
  const { action } = step;
  const kinds: Record<string, string> = words.kind;
  if (action === 'unchanged') return null;
  return (
    <li className="px-4 py-3">
      <p className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
        <span className={classes('rounded-1 px-1.5 py-0.5 text-0 font-semibold', toneOf[action])}>
          {words.action[action]}
        </span>
        <span className="text-ink-2">{kinds[step.kind] ?? step.kind.replaceAll('_', ' ')}</span>
        <span className="font-medium">{step.key}</span>
      </p>
      {action === 'delete' ? null : <Changes step={step} />}
    </li>
  );
}

function Changes({ step }: { step: PlanStep }) {
  const nothing = <span className="text-ink-3">{t.settings.transfer.nothing}</span>;
  const created = step.action === 'create';
  const shown = step.changes.filter(
    (change) => !created || (change.field !== 'slug' && planValue(change.to) !== undefined),
  );
  return (
    <dl className="mt-2 grid gap-x-4 gap-y-1 text-1 sm:grid-cols-[11rem_minmax(0,1fr)]">
      {shown.map(({ field, from, to }) => (
        <div key={field} className="contents">
          <dt className="text-ink-3">{field.replaceAll('_', ' ')}</dt>
          <dd className="min-w-0 max-sm:mb-1">
            {created ? null : (
              <>
                <span className="text-ink-2 line-through decoration-ink-3">{planValue(from) ?? nothing}</span>
                <span aria-hidden="true" className="text-ink-3">
                  {' → '}
                </span>
              </>
            )}
            <span className="font-medium">{planValue(to) ?? nothing}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface AppliedNoteProps {
  answer: ApplyAnswer;
  onAgain: () => void;
}

/** Done; tokens of new devices are shown only once. */
export function AppliedNote({ answer, onAgain }: AppliedNoteProps) {
  const words = t.settings.transfer;
  const changed = answer.plan.filter((step) => step.action !== 'unchanged').length;
  const tokens = Object.entries(answer.tokens);
  return (
    <div className="grid gap-5">
      <Notice tone="ok" role="status">
        {words.applied(changed)}
      </Notice>
      {tokens.length === 0 ? null : (
        <section aria-label={words.tokens}>
          <h3 className="text-3 font-semibold">{words.tokens}</h3>
          <p className="mt-1 mb-3 text-1 text-ink-3">{words.tokensText}</p>
          <CopyBlock
            text={tokens.map(([bearer, token]) => `${bearer}: ${token}`).join('\n')}
            words={copyWords()}
          />
        </section>
      )}
      <div>
        <Button onClick={onAgain}>{words.again}</Button>
      </div>
    </div>
  );
}
