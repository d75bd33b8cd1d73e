import type { Check, CheckRun } from '@watchkeeper/contracts/checks';
import type { Static } from 'typebox';
import { messageOf } from '../../api/problem';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { Spinner } from '../../ui/spinner';
import type { useRunNow } from './check-actions';
import { toneOfOutcome } from './check-tone';

type Run = Static<typeof CheckRun>;

interface RunPanelProps {
  check: Pick<Check, 'name'>;
  run: ReturnType<typeof useRunNow>;
  title?: string;
  text?: string;
}

/** The result of a run by hand with every step; empty before the first one. */
export function RunPanel({ check, run, title = t.check.runTitle, text = t.check.runText }: RunPanelProps) {
  if (run.status === 'idle') return null;
  return (
    <Panel title={title} className="mt-6">
      <div role="status">
        {run.isPending ? (
          <p className="flex items-center gap-2 text-ink-2">
            <Spinner /> {t.check.running}
          </p>
        ) : run.error === null ? null : (
          <Notice tone="attention">{messageOf(run.error)}</Notice>
        )}
        {run.data === undefined || run.isPending ? null : <Outcome run={run.data} name={check.name} />}
      </div>
      <p className="mt-3 text-1 text-ink-3">{text}</p>
    </Panel>
  );
}

function Outcome({ run, name }: { run: Run; name: string }) {
  const details = Object.entries(run.details);
  return (
    <div className="grid gap-4">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <State tone={toneOfOutcome(run.outcome)}>{t.check.outcome[run.outcome]}</State>
        <span>{run.reason}</span>
        <span className="text-1 text-ink-3">
          {run.timings.total_ms === null ? null : `${t.check.ms(run.timings.total_ms)} · `}
          {run.attempts > 1 ? `${t.check.attempts(run.attempts)} · ` : null}
          <Ago at={run.at} language={t.language}>
            {t.check.runAt}
          </Ago>
        </span>
      </p>
      <ol
        aria-label={`${t.check.runLog}: ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-2 border border-line bg-sunken px-3 py-2 font-mono text-1"
      >
        {run.log.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log that is whole and stays as it is
          <li key={index} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-3">
            <span className="text-right text-ink-3 tabular-nums">{t.check.ms(line.ms)}</span>
            <span className="break-words whitespace-pre-wrap">{line.line}</span>
          </li>
        ))}
      </ol>
      {details.length === 0 ? null : (
        <section aria-label={t.check.details}>
          <h3 className="mb-2 text-1 font-semibold text-ink-2">{t.check.details}</h3>
          <Facts
            facts={details.map(([label, value]) => ({
              label,
              value: <span className="font-mono text-1 break-all">{detailText(value)}</span>,
            }))}
          />
        </section>
      )}
    </div>
  );
}

function detailText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
