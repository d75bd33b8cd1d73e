import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { formatExact, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Chart } from '../../ui/chart';
import { Choice, SelectField } from '../../ui/field';
import { Skeleton } from '../../ui/skeleton';
import { figureOf } from './figures';
import { type HistoryData, historyQuery } from './queries';
import { figuresIn, gapFigure, rangeOf, type Series, seriesOf } from './series';

const ranges = ['1', '6', '24', '168'] as const;
type Range = (typeof ranges)[number];

/** More rows help nobody; the newest ones are shown. */
const tableRowsMax = 100;

/** What the heartbeats said over time: a line, and the figures behind it. */
export function HistoryPanel({ device }: { device: string }) {
  const { org } = useOrg();
  const [range, setRange] = useState<Range>('1');
  const history = useQuery(historyQuery(org, device, Number(range)));
  return (
    <Panel
      title={t.device.history}
      aside={
        <Choice
          label={t.device.range}
          hideLabel
          options={ranges.map((value) => ({ value, label: t.device.ranges[value] }))}
          value={range}
          onChange={setRange}
        />
      }
    >
      <Loaded query={history} loading={<Skeleton className="h-72" />}>
        {(data) => <History data={data} />}
      </Loaded>
    </Panel>
  );
}

function History({ data }: { data: HistoryData }) {
  const figures = [gapFigure, ...figuresIn(data.data)];
  const [wanted, setWanted] = useState<string>();
  const figure = wanted !== undefined && figures.includes(wanted) ? wanted : (figures[1] ?? gapFigure);
  const series = seriesOf(data.data, figure);
  const { label, unit } = figureOf(figure);
  const range = rangeOf(series.values);

  if (range === undefined && data.data.length === 0)
    return <p className="py-6 text-ink-3">{t.device.historyEmpty}</p>;
  return (
    <div className="grid gap-3">
      <div className="max-w-72">
        <SelectField
          label={t.device.figure}
          hideLabel
          value={figure}
          onChange={(event) => setWanted(event.currentTarget.value)}
        >
          {figures.map((name) => (
            <option key={name} value={name}>
              {figureOf(name).label}
            </option>
          ))}
        </SelectField>
      </div>
      <Chart
        times={series.times}
        values={series.values}
        unit={unit}
        language={t.language}
        from={Date.parse(data.from) / secondMs}
        to={Date.parse(data.to) / secondMs}
        summary={
          range === undefined
            ? `${label}: ${t.state.unavailable}`
            : t.device.chartSummary(
                label,
                series.values.length,
                `${range.low} ${unit}`,
                `${range.high} ${unit}`,
              )
        }
      />
      <p className="text-1 text-ink-3">
        {t.device.resolution(t.device.resolutions[data.resolution])} ·{' '}
        {t.alert.timeZoneNote(Intl.DateTimeFormat().resolvedOptions().timeZone)}
      </p>
      <FigureTable series={series} label={label} unit={unit} />
    </div>
  );
}

function FigureTable({ series, label, unit }: { series: Series; label: string; unit: string }) {
  const rows = series.times
    .map((time, index) => ({ time, value: series.values[index] ?? null }))
    .filter((row) => row.value !== null)
    .slice(-tableRowsMax)
    .toReversed();
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: 2 });
  return (
    <details>
      <summary className="text-1 text-accent">{t.device.historyTable}</summary>
      <table className="mt-2 w-full max-w-lg text-1">
        <thead>
          <tr className="border-b border-line text-left text-ink-3">
            <th className="py-1 font-medium">{t.device.chartTime}</th>
            <th className="py-1 text-right font-medium">{label}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.time} className="border-b border-line last:border-b-0">
              <td className="py-1">{formatExact(row.time * secondMs, t.language)}</td>
              <td className="py-1 text-right">
                {row.value === null ? '' : figure.format(row.value)} {unit}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
