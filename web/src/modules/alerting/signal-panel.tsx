import { useQuery } from '@tanstack/react-query';
import type { AlertWithTimeline } from '@watchkeeper/contracts/alerting';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { useNow } from '../../lib/clock';
import { formatExact, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Chart } from '../../ui/chart';
import { Skeleton } from '../../ui/skeleton';
import { figureOf } from '../telemetry/figures';
import { rangeOf, type Series } from '../telemetry/series';
import { alertHistoryQuery } from './queries';
import { type Signal, type SignalWindow, signalOf, signalSeries, windowOf } from './signal';

/** What was measured around the alert: the line, its limit, and the time the alert was open. */
export function SignalPanel({ alert }: { alert: AlertWithTimeline }) {
  const signal = signalOf(alert);
  return signal === undefined || alert.device === null ? null : (
    <DeviceSignal alert={alert} signal={signal} device={alert.device.slug} />
  );
}

interface DeviceSignalProps {
  alert: AlertWithTimeline;
  signal: Signal;
  device: string;
}

function DeviceSignal({ alert, signal, device }: DeviceSignalProps) {
  const { org } = useOrg();
  const now = useNow();
  const shown = windowOf(alert, now);
  const history = useQuery(alertHistoryQuery(org, device, shown, alert.resolved_at === null));
  return (
    <Panel title={labelOf(signal).label}>
      {history.data === undefined ? (
        history.error === null ? (
          <Skeleton className="h-60" />
        ) : (
          <LoadFailed
            error={history.error}
            busy={history.isFetching}
            onRetry={() => void history.refetch()}
          />
        )
      ) : (
        <SignalChart
          alert={alert}
          signal={signal}
          shown={shown}
          series={signalSeries(signal, history.data.data, Math.min(now, shown.to))}
        />
      )}
    </Panel>
  );
}

function labelOf(signal: Signal) {
  return signal.metric === undefined ? { label: t.alert.silence, unit: 's' } : figureOf(signal.metric);
}

interface SignalChartProps {
  alert: AlertWithTimeline;
  signal: Signal;
  shown: SignalWindow;
  series: Series;
}

function SignalChart({ alert, signal, shown, series }: SignalChartProps) {
  const { label, unit } = labelOf(signal);
  const range = rangeOf(series.values);
  const zone = alert.site_timezone ?? undefined;
  if (range === undefined) return <p className="py-6 text-ink-3">{t.alert.signalEmpty}</p>;
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  const worded = (value: number) => `${figure.format(value)} ${unit}`.trim();
  return (
    <div className="grid gap-2">
      <Chart
        times={series.times}
        values={series.values}
        unit={unit}
        language={t.language}
        timeZone={zone}
        from={shown.from / secondMs}
        to={shown.to / secondMs}
        threshold={{ value: signal.limit, label: t.alert.limitLine(worded(signal.limit)) }}
        spans={[
          {
            from: Date.parse(alert.opened_at) / secondMs,
            to: alert.resolved_at === null ? null : Date.parse(alert.resolved_at) / secondMs,
            tone: alert.severity === 'critical' || alert.severity === 'high' ? 'problem' : 'attention',
          },
        ]}
        summary={t.alert.signalSummary(label, worded(range.low), worded(range.high), worded(signal.limit))}
      />
      <p className="text-1 text-ink-3">
        {t.alert.signalKey}
        {zone === undefined ? '' : ` · ${t.alert.timeZoneNote(zone)}`}
      </p>
      <SignalTable series={series} label={label} unit={unit} limit={signal.limit} zone={zone} />
    </div>
  );
}

/** More rows help nobody; the newest ones are shown. */
const tableRowsMax = 100;

interface SignalTableProps {
  series: Series;
  label: string;
  unit: string;
  limit: number;
  zone: string | undefined;
}

function SignalTable({ series, label, unit, limit, zone }: SignalTableProps) {
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: 2 });
  const rows = series.times
    .map((time, index) => ({ time, value: series.values[index] ?? null }))
    .filter((row): row is { time: number; value: number } => row.value !== null && row.value !== 0)
    .slice(-tableRowsMax)
    .toReversed();
  return (
    <details>
      <summary className="min-h-6 text-1 text-accent">{t.device.historyTable}</summary>
      <div className="overflow-x-auto">
        <table className="mt-2 w-full max-w-xl text-1 tabular-nums">
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr className="border-b border-line text-left text-ink-3">
              <th className="py-1 font-medium">{t.device.chartTime}</th>
              <th className="py-1 text-right font-medium">{label}</th>
              <th className="py-1 pl-4 text-right font-medium">{t.detail.threshold}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.time} className="border-b border-line last:border-b-0">
                <td className="py-1">{formatExact(row.time * secondMs, t.language, zone)}</td>
                <td className="py-1 text-right">{`${figure.format(row.value)} ${unit}`.trim()}</td>
                <td className="py-1 pl-4 text-right text-ink-3">
                  {`${figure.format(limit)} ${unit}`.trim()}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
