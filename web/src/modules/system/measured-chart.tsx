import { useMemo } from 'react';
import { toCsv } from '../../lib/csv';
import { formatExact, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Chart } from '../../ui/chart';
import { DownloadCsv } from '../../ui/download';
import { Table } from '../../ui/table';
import { byteScale, onGrid } from './steps';

/** More rows help nobody; the newest ones are shown, the file has all. */
const tableRowsMax = 100;

export interface ChartSpan {
  from: string;
  to: string;
  step_seconds: number;
}

interface MeasuredChartProps {
  label: string;
  /** The unit of the values; `B` and `B/s` are shown in the unit that fits. */
  unit: string;
  span: ChartSpan;
  points: readonly { at: string; value: number }[];
  limit?: { value: number; label: string } | undefined;
  fileName: string;
}

/** One measurement over time, with its table and its file. */
export function MeasuredChart({ label, unit: given, span, points, limit, fileName }: MeasuredChartProps) {
  const { scaled, unit } = useMemo(() => scale(points, given), [points, given]);
  const steps = useMemo(() => onGrid(span, scaled), [span, scaled]);
  const said = (value: number) => `${figureText(value)} ${unit}`.trim();
  const all = scaled.map((point) => point.value);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const latest = scaled.at(-1)?.value;
  return (
    <section aria-label={label} className="min-w-0">
      <div className="flex items-center justify-between gap-4">
        <h3 className="text-2 font-semibold">{label}</h3>
        <DownloadCsv
          label={t.deviceView.csv}
          describe={label}
          fileName={fileName}
          text={() =>
            toCsv(
              [t.device.chartTime, t.deviceView.valueIn(label, unit)],
              scaled.map(({ at, value }) => [at, value]),
            )
          }
        />
      </div>
      <p className="mb-1 text-1 text-ink-3 tabular-nums">
        {latest === undefined ? t.state.unavailable : t.system.latestOf(said(latest), said(low), said(high))}
      </p>
      <Chart
        times={steps.times}
        values={steps.values}
        unit={unit}
        language={t.language}
        from={Date.parse(span.from) / secondMs}
        to={Date.parse(span.to) / secondMs}
        height={140}
        threshold={limit}
        summary={
          latest === undefined
            ? `${label}: ${t.state.unavailable}`
            : t.device.chartSummary(label, scaled.length, said(low), said(high))
        }
      />
      <details>
        <summary className="text-1 text-accent">{t.deviceView.tableOf(label)}</summary>
        <div className="mt-2">
          <Table
            caption={label}
            columns={[
              { key: 'time', label: t.device.chartTime },
              { key: 'value', label, numeric: true },
            ]}
            rows={scaled
              .slice(-tableRowsMax)
              .toReversed()
              .map(({ at, value }) => ({
                id: at,
                cells: [formatExact(Date.parse(at), t.language), said(value)],
              }))}
          />
        </div>
      </details>
    </section>
  );
}

/** Two decimals where they tell something. */
function figureText(value: number): string {
  const maximumFractionDigits = Math.abs(value) < 10 ? 2 : 1;
  return new Intl.NumberFormat(t.language, { maximumFractionDigits }).format(value);
}

function scale(points: readonly { at: string; value: number }[], given: string) {
  // A plain rate is named by its label.
  if (given !== 'B' && given !== 'B/s') return { scaled: points, unit: given === '1/s' ? '' : given };
  const { divisor, unit } = byteScale(Math.max(0, ...points.map((point) => point.value)));
  const scaled = points.map(({ at, value }) => ({
    at,
    value: Math.round((1_000 * value) / divisor) / 1_000,
  }));
  return { scaled, unit: given === 'B' ? unit : `${unit}/s` };
}
