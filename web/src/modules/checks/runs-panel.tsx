import { useQuery } from '@tanstack/react-query';
import type { CheckResult } from '@watchkeeper/contracts/checks';
import { useMemo } from 'react';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useNow } from '../../lib/clock';
import { formatMoment, minuteMs } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { RunBars } from '../../ui/run-bars';
import { Skeleton } from '../../ui/skeleton';
import { Table } from '../../ui/table';
import { passedShare, type Stretch, stretchesOf } from './check-history';
import { drawnResultsQuery } from './queries';

/** Its latest runs at a glance. */
export function RunsPanel({ check, timeZone }: { check: string; timeZone: string }) {
  const { org } = useOrg();
  const results = useQuery(drawnResultsQuery(org, check));
  return (
    <Panel title={t.check.uptime}>
      <Loaded query={results} loading={<Skeleton className="h-20" />}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="text-ink-3">{t.check.uptimeEmpty}</p>
          ) : (
            <Bars results={data} timeZone={timeZone} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Bars({ results, timeZone }: { results: readonly CheckResult[]; timeZone: string }) {
  // Whole minutes: the bars need not move every second.
  const minute = Math.floor(useNow() / minuteMs) * minuteMs;
  const stretches = useMemo(() => stretchesOf(results, minute), [results, minute]);
  const clock = (at: number) => formatMoment(at, minute, t.language, timeZone);
  const share = shareText(passedShare(results));
  const [from, to] = [clock(stretches[0]?.from ?? minute), clock(stretches.at(-1)?.to ?? minute)];
  return (
    <>
      <p className="mb-3 text-2 text-ink-2">{t.check.uptimeShare(share)}</p>
      <RunBars
        bars={stretches.map((stretch) => ({
          ...stretch,
          id: String(stretch.from),
          label: barLabel(stretch, clock),
        }))}
        summary={t.check.uptimeSummary(share, results.length, from, to)}
        start={from}
        end={to}
      />
      <details className="mt-2">
        <summary className="text-1 text-accent">{t.check.uptimeTable}</summary>
        <div className="mt-2">
          <Table
            caption={t.check.uptime}
            columns={[
              { key: 'time', label: t.check.time },
              { key: 'ok', label: t.check.outcome.ok, numeric: true },
              { key: 'failed', label: t.check.outcome.failed, numeric: true },
              { key: 'unable', label: t.check.outcome.unable, numeric: true },
            ]}
            rows={stretches.toReversed().map((stretch) => ({
              id: String(stretch.from),
              cells: [clock(stretch.from), stretch.ok, stretch.failed, stretch.unable],
            }))}
          />
        </div>
      </details>
    </>
  );
}

export function shareText(share: number | undefined): string {
  if (share === undefined) return t.state.unavailable;
  // Never rounded up to a clean sheet: 99.996 % is not 100 %.
  const floored = Math.floor(share * 100_000) / 100_000;
  return new Intl.NumberFormat(t.language, { style: 'percent', maximumFractionDigits: 3 }).format(floored);
}

function barLabel(stretch: Stretch, clock: (at: number) => string): string {
  const words = stretchWords(stretch);
  if (stretch.from === stretch.to) return `${clock(stretch.from)}: ${words}`;
  return t.check.bar(clock(stretch.from), clock(stretch.to), words);
}

function stretchWords({ ok, failed, unable }: Stretch): string {
  const words = [
    ...(failed === 0 ? [] : [t.check.barFailed(failed)]),
    ...(unable === 0 ? [] : [t.check.barUnable(unable)]),
    ...(ok === 0 ? [] : [t.check.barOk(ok)]),
  ];
  return words.length === 0 ? t.check.barNone : words.join(', ');
}
