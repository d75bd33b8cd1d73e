import type { Backtest } from '@watchkeeper/contracts/rules';
import { useMemo, useState } from 'react';
import { secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Chart } from '../../ui/chart';
import { At, Lasting } from '../../ui/moment';
import { lineOf } from '../alerting/signal';

const momentsShown = 10;

/** The result of a backtest: the sentence, the chart, and the times behind it. */
export function BacktestView({ backtest }: { backtest: Backtest }) {
  const { would_have_fired: fired, window, notes, subjects_examined: examined } = backtest;
  return (
    <div className="grid gap-4">
      <p role="status" className="text-3 font-semibold">
        {t.backtest.sentence(fired, window.days)}
      </p>
      <SignalChart backtest={backtest} />
      <Moments backtest={backtest} />
      <p className="text-1 text-ink-3">{[`${t.backtest.examined(examined)}.`, ...notes].join(' ')}</p>
    </div>
  );
}

function SignalChart({ backtest }: { backtest: Backtest }) {
  const { signal, buckets, window, firings, would_have_fired: fired } = backtest;
  const line = useMemo(() => lineOf(buckets, signal.side), [buckets, signal.side]);
  if (line.times.length === 0) return <p className="text-2 text-ink-3">{t.backtest.noReadings}</p>;
  const label = signal.side === 'below' ? t.backtest.lowest(signal.label) : t.backtest.highest(signal.label);
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  const worded = (value: number) => `${figure.format(value)} ${signal.unit}`.trim();
  const limit = line.limits.findLast((each) => each !== null) ?? signal.limit;
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-1 text-ink-3">{label}</figcaption>
      <Chart
        times={line.times}
        values={line.values}
        unit={signal.unit}
        language={t.language}
        from={Date.parse(window.from) / secondMs}
        to={Date.parse(window.to) / secondMs}
        height={180}
        summary={t.backtest.chart(label, fired)}
        threshold={
          limit === null
            ? undefined
            : {
                value: limit,
                label: t.backtest.limit(worded(limit)),
                ...(signal.limit === null ? { values: line.limits } : {}),
              }
        }
        beside={signal.beside === null ? undefined : { values: line.beside, label: signal.beside }}
        spans={firings.map((firing) => ({
          from: Date.parse(firing.at) / secondMs,
          to: firing.resolved_at === null ? null : Date.parse(firing.resolved_at) / secondMs,
          tone: 'problem',
        }))}
      />
    </figure>
  );
}

function Moments({ backtest: { firings, would_have_fired: fired } }: { backtest: Backtest }) {
  const [all, setAll] = useState(false);
  if (firings.length === 0) return null;
  const shown = all ? firings : firings.slice(0, momentsShown);
  return (
    <div>
      <h3 className="mb-1 text-1 font-semibold text-ink-2">{t.backtest.moments}</h3>
      <ol className="text-2">
        {shown.map((firing) => (
          <li
            key={`${firing.at} ${firing.subject.id}`}
            className="grid gap-x-4 border-b border-line py-2 last:border-b-0 sm:grid-cols-[9.5rem_minmax(0,1fr)_auto]"
          >
            <span className="text-ink-3">
              <At at={firing.at} language={t.language} />
            </span>
            <span className="min-w-0">
              <span className="font-medium">{firing.subject.name}</span>{' '}
              <span className="text-ink-2">{firing.why}</span>
            </span>
            <span className="text-1 text-ink-3">
              {firing.resolved_at === null ? (
                t.backtest.open
              ) : (
                <Lasting at={firing.at} until={firing.resolved_at} language={t.language}>
                  {t.alert.lasted}
                </Lasting>
              )}
            </span>
          </li>
        ))}
      </ol>
      {shown.length < firings.length ? (
        <Button className="mt-2" onClick={() => setAll(true)}>
          {t.action.showMore}
        </Button>
      ) : null}
      {all && fired > firings.length ? (
        <p className="mt-2 text-1 text-ink-3">{t.backtest.notAll(firings.length, fired)}</p>
      ) : null}
    </div>
  );
}
