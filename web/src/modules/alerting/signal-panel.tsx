import { useQuery } from '@tanstack/react-query';
import type { AlertSignal, AlertWithTimeline } from '@watchkeeper/contracts/alerting';
import { useMemo } from 'react';
import { isNotFound } from '../../api/problem';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { toCsv } from '../../lib/csv';
import { useChosenZone } from '../../lib/preferences';
import { formatExact, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Chart } from '../../ui/chart';
import type { ChartSpan } from '../../ui/chart-options';
import { DownloadCsv } from '../../ui/download';
import { Skeleton } from '../../ui/skeleton';
import { Table } from '../../ui/table';
import { figureOf } from '../telemetry/figures';
import { rangeOf } from '../telemetry/series';
import { conditionOf } from './details';
import { alertSignalQuery } from './queries';
import { closedSpans, lineOf, type SignalLine } from './signal';

/**
 * The values that the rule judged around the alert: the number, its limit, and the time the alert was open.
 */
export function SignalPanel({ alert }: { alert: AlertWithTimeline }) {
  const { org } = useOrg();
  const query = useQuery(alertSignalQuery(org, alert.id, alert.resolved_at === null));
  const { data, error } = query;
  // An alert from before its rule's history was kept: there is nothing to draw, and nothing to mend.
  if (data === undefined && error !== null && isNotFound(error)) return null;
  if (data === undefined)
    return (
      <Panel title={t.alert.signal}>
        {error === null ? (
          <Skeleton className="h-60" />
        ) : (
          <LoadFailed error={error} busy={query.isFetching} onRetry={() => void query.refetch()} />
        )}
      </Panel>
    );
  return <SignalView alert={alert} data={data} />;
}

/** Known kinds of figures speak the reader's language; the others are called what their rule calls them. */
function labelOf(alert: AlertWithTimeline, { signal }: AlertSignal): string {
  if (alert.kind === 'absence') return t.alert.silence;
  const metric = conditionOf(alert.details)?.metric;
  return metric === undefined ? signal.label : figureOf(metric).label;
}

interface ViewProps {
  alert: AlertWithTimeline;
  data: AlertSignal;
}

function SignalView({ alert, data }: ViewProps) {
  const label = labelOf(alert, data);
  const zone = useChosenZone(alert.site_timezone);
  const line = useMemo(() => lineOf(data.buckets, data.signal.side), [data]);
  return (
    <Panel
      title={label}
      aside={
        line.times.length === 0 ? undefined : (
          <DownloadCsv
            label={t.deviceView.csv}
            describe={label}
            fileName={`${alert.type}-${alert.id}.csv`}
            text={() => csvOf(data, label)}
          />
        )
      }
    >
      {line.times.length === 0 ? (
        <p className="py-6 text-ink-3">{t.alert.signalEmpty}</p>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <SignalChart alert={alert} data={data} line={line} label={label} zone={zone} />
          <SignalTable data={data} label={label} zone={zone} />
        </div>
      )}
      {data.notes.length === 0 ? null : <p className="mt-2 text-1 text-ink-3">{data.notes.join(' ')}</p>}
    </Panel>
  );
}

function wordsIn(unit: string): (value: number) => string {
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  return (value) => `${figure.format(value)} ${unit}`.trim();
}

interface ChartProps extends ViewProps {
  line: SignalLine;
  label: string;
  zone: string;
}

function SignalChart({ alert, data, line, label, zone }: ChartProps) {
  const { signal, window, open } = data;
  const worded = wordsIn(signal.unit);
  const range = rangeOf(line.values) ?? { low: 0, high: 0 };
  const [from, to] = [Date.parse(window.from) / secondMs, Date.parse(window.to) / secondMs];
  const lastLimit = line.limits.findLast((limit) => limit !== null) ?? signal.limit;
  const spans: ChartSpan[] = [
    ...(open === null ? [] : closedSpans(open, from, to)).map((span) => ({
      ...span,
      tone: 'unknown' as const,
    })),
    {
      from: Date.parse(alert.opened_at) / secondMs,
      to: alert.resolved_at === null ? null : Date.parse(alert.resolved_at) / secondMs,
      tone: alert.severity === 'critical' || alert.severity === 'high' ? 'problem' : 'attention',
    },
  ];
  return (
    <>
      <Chart
        times={line.times}
        values={line.values}
        unit={signal.unit}
        language={t.language}
        timeZone={zone}
        from={from}
        to={to}
        threshold={
          lastLimit === null
            ? undefined
            : {
                value: lastLimit,
                label: t.alert.limitLine(worded(lastLimit)),
                ...(signal.limit === null ? { values: line.limits } : {}),
              }
        }
        beside={signal.beside === null ? undefined : { values: line.beside, label: besideOf(alert, data) }}
        spans={spans}
        summary={t.alert.signalSummary(
          label,
          worded(range.low),
          worded(range.high),
          lastLimit === null ? undefined : worded(lastLimit),
        )}
      />
      <p className="text-1 text-ink-3">
        {[
          t.alert.signalKey,
          ...(open === null ? [] : [t.alert.signalClosedKey]),
          ...(signal.beside === null ? [] : [t.alert.signalBesideKey(besideOf(alert, data))]),
          t.alert.timeZoneNote(zone),
        ].join(' · ')}
      </p>
    </>
  );
}

function besideOf({ kind }: Pick<AlertWithTimeline, 'kind'>, { signal }: AlertSignal): string {
  return t.alert.signalBeside[kind] ?? signal.beside ?? '';
}

/** More rows do not help; the newest ones are shown, the file has all. */
const tableRowsMax = 100;

type Bucket = AlertSignal['buckets'][number];

const judgedIn = ({ signal }: AlertSignal, bucket: Bucket) =>
  signal.side === 'below' ? bucket.low : bucket.high;

/** Steps in which there was something to tell, if only how little. */
function toldIn(data: AlertSignal): Bucket[] {
  return data.buckets.filter((bucket) => judgedIn(data, bucket) !== null || bucket.samples !== null);
}

interface TableProps {
  data: AlertSignal;
  label: string;
  zone: string;
}

function SignalTable({ data, label, zone }: TableProps) {
  const { signal } = data;
  const worded = wordsIn(signal.unit);
  const said = (value: number | null) => (value === null ? t.state.unavailable : worded(value));
  const told = toldIn(data);
  const hasSamples = told.some((bucket) => bucket.samples !== null);
  const columns = [
    { key: 'time', label: t.device.chartTime },
    { key: 'value', label, numeric: true },
    ...(told.some((bucket) => bucket.limit !== null)
      ? [{ key: 'limit', label: t.detail.threshold ?? '', numeric: true }]
      : []),
    ...(signal.beside === null ? [] : [{ key: 'beside', label: signal.beside, numeric: true }]),
    ...(hasSamples ? [{ key: 'samples', label: t.alert.signalSamples, numeric: true }] : []),
  ];
  const cellOf: Record<string, (bucket: Bucket) => string> = {
    time: (bucket) => formatExact(Date.parse(bucket.at), t.language, zone),
    value: (bucket) => said(judgedIn(data, bucket)),
    limit: (bucket) => (bucket.limit === null ? '' : worded(bucket.limit)),
    beside: (bucket) => (bucket.beside === null ? '' : worded(bucket.beside)),
    samples: (bucket) => (bucket.samples === null ? '' : wordsIn('')(bucket.samples)),
  };
  return (
    <details>
      <summary className="min-h-6 text-1 text-accent">{t.deviceView.tableOf(label)}</summary>
      <div className="mt-2 grid gap-2">
        <Table
          caption={label}
          columns={columns}
          rows={told
            .slice(-tableRowsMax)
            .toReversed()
            .map((bucket) => ({
              id: bucket.at,
              cells: columns.map(({ key }) => cellOf[key]?.(bucket) ?? ''),
            }))}
        />
        {told.length > tableRowsMax ? (
          <p className="text-1 text-ink-3">{t.deviceView.tableCut(tableRowsMax)}</p>
        ) : null}
      </div>
    </details>
  );
}

function csvOf(data: AlertSignal, label: string): string {
  const { signal } = data;
  const heading = [
    t.device.chartTime,
    t.deviceView.valueIn(label, signal.unit),
    t.detail.threshold ?? '',
    signal.beside ?? '',
    t.alert.signalSamples,
  ];
  const rows = toldIn(data).map((bucket) => [
    bucket.at,
    judgedIn(data, bucket),
    bucket.limit,
    bucket.beside,
    bucket.samples,
  ]);
  // What this rule has no such figures of needs no column.
  const used = heading.map((_, index) => index < 2 || rows.some((row) => row[index] !== null));
  const kept = <T,>(cells: readonly T[]) => cells.filter((_, index) => used[index]);
  return toCsv(
    kept(heading),
    rows.map((row) => kept(row)),
  );
}
