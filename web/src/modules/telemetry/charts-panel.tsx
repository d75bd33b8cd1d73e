import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { toCsv } from '../../lib/csv';
import { formatExact, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Chart } from '../../ui/chart';
import { DownloadCsv } from '../../ui/download';
import { Skeleton } from '../../ui/skeleton';
import { Table } from '../../ui/table';
import { figureOf } from './figures';
import type { HistoryData } from './queries';
import { pastQuery } from './queries-past';
import type { Range } from './range';
import { figuresIn, gapFigure, rangeOf, type Series, seriesOf } from './series';

/** More rows help nobody; the newest ones are shown, the file has all. */
const tableRowsMax = 100;

interface ChartsProps {
  device: string;
  range: Range;
  timeZone: string;
  onZoom: (fromMs: number, toMs: number) => void;
}

/** One chart per figure, each with its table and its file. */
export function ChartsPanel({ device, range, timeZone, onZoom }: ChartsProps) {
  const { org } = useOrg();
  const history = useQuery(pastQuery(org, device, range));
  return (
    <Panel
      title={t.deviceView.charts}
      aside={
        <span className="text-1 text-ink-3 pointer-coarse:hidden print:hidden">{t.deviceView.zoomHelp}</span>
      }
    >
      <Loaded query={history} loading={<Skeleton className="h-72" />}>
        {(data) => <Charts data={data} device={device} timeZone={timeZone} onZoom={onZoom} />}
      </Loaded>
    </Panel>
  );
}

interface DataProps extends Omit<ChartsProps, 'range'> {
  data: HistoryData;
}

function Charts({ data, ...rest }: DataProps) {
  if (data.data.length === 0) return <p className="py-6 text-ink-3">{t.deviceView.chartsEmpty}</p>;
  return (
    <>
      <div className="grid gap-x-6 gap-y-8 lg:grid-cols-2">
        {[...figuresIn(data.data), gapFigure].map((figure) => (
          <FigureChart key={figure} data={data} figure={figure} {...rest} />
        ))}
      </div>
      <p className="mt-4 text-1 text-ink-3">
        {t.device.resolution(t.device.resolutions[data.resolution])} · {t.alert.timeZoneNote(rest.timeZone)}
      </p>
    </>
  );
}

function FigureChart({ data, figure, device, timeZone, onZoom }: DataProps & { figure: string }) {
  const series = useMemo(() => seriesOf(data.data, figure), [data, figure]);
  const raw = data.resolution === 'raw';
  const named = figureOf(figure);
  const { label, unit } = figure === gapFigure && !raw ? { label: t.deviceView.perBucket, unit: '' } : named;
  const range = rangeOf(series.values);
  const figures = new Intl.NumberFormat(t.language, { maximumFractionDigits: 2 });
  const said = (value: number) => `${figures.format(value)} ${unit}`.trim();
  return (
    <section aria-label={label} className="min-w-0">
      <div className="flex items-center justify-between gap-4">
        <h3 className="text-2 font-semibold">{label}</h3>
        <DownloadCsv
          label={t.deviceView.csv}
          describe={label}
          fileName={`${device}-${figure}.csv`}
          text={() => csvOf(series, t.deviceView.valueIn(label, unit))}
        />
      </div>
      <p className="mb-1 text-1 text-ink-3 tabular-nums">
        {range === undefined
          ? t.state.unavailable
          : `${t.deviceView.lowest} ${said(range.low)} · ${t.deviceView.highest} ${said(range.high)}`}
      </p>
      <Chart
        times={series.times}
        values={series.values}
        unit={unit}
        language={t.language}
        timeZone={timeZone}
        from={Date.parse(data.from) / secondMs}
        to={Date.parse(data.to) / secondMs}
        height={160}
        onZoom={(from, to) => onZoom(from * secondMs, to * secondMs)}
        summary={
          range === undefined
            ? `${label}: ${t.state.unavailable}`
            : t.device.chartSummary(label, series.values.length, said(range.low), said(range.high))
        }
      />
      <FigureTable series={series} label={label} said={said} timeZone={timeZone} />
    </section>
  );
}

function csvOf(series: Series, heading: string): string {
  const rows = series.times.flatMap((time, index) => {
    const value = series.values[index] ?? null;
    return value === null ? [] : [[new Date(time * secondMs).toISOString(), value]];
  });
  return toCsv([t.device.chartTime, heading], rows);
}

interface FigureTableProps {
  series: Series;
  label: string;
  said: (value: number) => string;
  timeZone: string;
}

function FigureTable({ series, label, said, timeZone }: FigureTableProps) {
  const rows = series.times
    .map((time, index) => ({ time, value: series.values[index] ?? null }))
    .filter((row) => row.value !== null);
  const shown = rows.slice(-tableRowsMax).toReversed();
  return (
    <details>
      <summary className="text-1 text-accent">{t.deviceView.tableOf(label)}</summary>
      <div className="mt-2 grid gap-2">
        <Table
          caption={label}
          columns={[
            { key: 'time', label: t.device.chartTime },
            { key: 'value', label, numeric: true },
          ]}
          rows={shown.map((row, index) => ({
            // Two heartbeats may carry one time.
            id: `${row.time} ${index}`,
            cells: [
              formatExact(row.time * secondMs, t.language, timeZone),
              row.value === null ? '' : said(row.value),
            ],
          }))}
        />
        {rows.length > tableRowsMax ? (
          <p className="text-1 text-ink-3">{t.deviceView.tableCut(tableRowsMax)}</p>
        ) : null}
      </div>
    </details>
  );
}
