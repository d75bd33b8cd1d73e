import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { toCsv } from '../../lib/csv';
import { formatExact } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { DownloadCsv } from '../../ui/download';
import { Skeleton } from '../../ui/skeleton';
import { StackedChart } from '../../ui/stacked-chart';
import { Table } from '../../ui/table';
import { medianOf, type Phase, phasesIn, type TimedRun, timedRuns } from './check-history';
import { drawnResultsQuery } from './queries';

/** More rows do not help; the newest ones are shown, the file has all. */
const tableRowsMax = 100;

/** The phases of its latest runs. */
export function TimingsPanel({ check, timeZone }: { check: string; timeZone: string }) {
  const { org } = useOrg();
  const results = useQuery(drawnResultsQuery(org, check));
  const runs = useMemo(() => timedRuns(results.data?.data ?? []), [results.data]);
  return (
    <Panel
      title={t.check.timings}
      aside={
        runs.length === 0 ? undefined : (
          <DownloadCsv
            label={t.check.csv}
            describe={t.check.timings}
            fileName={`${check}-timings.csv`}
            text={() => csvOf(runs)}
          />
        )
      }
    >
      <Loaded query={results} loading={<Skeleton className="h-56" />}>
        {() =>
          runs.length === 0 ? (
            <p className="text-ink-3">{t.check.timingsEmpty}</p>
          ) : (
            <Timings runs={runs} timeZone={timeZone} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Timings({ runs, timeZone }: { runs: readonly TimedRun[]; timeZone: string }) {
  const shown = useMemo(() => phasesIn(runs), [runs]);
  const times = useMemo(() => runs.map((run) => run.time), [runs]);
  const layers = useMemo(
    () =>
      shown.map((phase) => ({
        id: phase,
        label: t.check.phases[phase],
        values: runs.map((run) => run.parts[phase]),
      })),
    [runs, shown],
  );
  const totals = runs.map((run) => run.total);
  const median = t.check.ms(medianOf(totals) ?? 0);
  const slowest = t.check.ms(Math.max(...totals));
  return (
    <>
      <p className="mb-2 text-1 text-ink-3 tabular-nums">
        {`${t.check.median} ${median} · ${t.check.slowest} ${slowest}`}
      </p>
      <StackedChart
        times={times}
        layers={layers}
        unit="ms"
        language={t.language}
        timeZone={timeZone}
        from={times[0] ?? 0}
        to={Math.max(times.at(-1) ?? 0, (times[0] ?? 0) + 1)}
        summary={t.check.timingsSummary(runs.length, median, slowest)}
      />
      <TimingsTable runs={runs} shown={shown} timeZone={timeZone} />
    </>
  );
}

interface TableProps {
  runs: readonly TimedRun[];
  shown: readonly Phase[];
  timeZone: string;
}

function TimingsTable({ runs, shown, timeZone }: TableProps) {
  const ms = (value: number | null) => (value === null ? '–' : t.check.ms(value));
  return (
    <details>
      <summary className="text-1 text-accent">{t.check.timingsTable}</summary>
      <div className="mt-2 grid gap-2">
        <Table
          caption={t.check.timings}
          columns={[
            { key: 'time', label: t.check.time },
            ...shown.map((phase) => ({ key: phase, label: t.check.phases[phase], numeric: true })),
            { key: 'total', label: t.check.phaseTotal, numeric: true },
          ]}
          rows={runs
            .slice(-tableRowsMax)
            .toReversed()
            .map((run) => ({
              id: run.at,
              cells: [
                formatExact(Date.parse(run.at), t.language, timeZone),
                ...shown.map((phase) => ms(run.parts[phase])),
                ms(run.total),
              ],
            }))}
        />
        {runs.length > tableRowsMax ? (
          <p className="text-1 text-ink-3">{t.check.tableCut(tableRowsMax)}</p>
        ) : null}
      </div>
    </details>
  );
}

function csvOf(runs: readonly TimedRun[]): string {
  const shown = phasesIn(runs);
  const heading = [...shown.map((phase) => t.check.phases[phase]), t.check.phaseTotal];
  return toCsv(
    [t.check.time, ...heading.map((name) => `${name} (ms)`)],
    runs.map((run) => [run.at, ...shown.map((phase) => run.parts[phase]), run.total]),
  );
}
