import type { MonitoringConfig, Performance, PerformanceSource } from '@watchkeeper/contracts/operations';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Figures } from '../../ui/figures';
import { Table } from '../../ui/table';
import { type ChartSpan, MeasuredChart } from './measured-chart';

interface RequestsProps {
  performance: Performance;
  config: MonitoringConfig | null;
}

/** Response times, errors and throughput of Watchkeeper itself and of the servers that report to it. */
export function RequestsPanel({ performance, config }: RequestsProps) {
  return performance.sources.map((source) => (
    <Source key={source.source} source={source} span={performance} config={config} />
  ));
}

interface SourceProps {
  source: PerformanceSource;
  span: ChartSpan;
  config: MonitoringConfig | null;
}

function Source({ source, span, config }: SourceProps) {
  const figures = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  const { overall } = source;
  const name = source.source.startsWith('watchkeeper@')
    ? t.system.ownRequests(source.source.slice('watchkeeper@'.length))
    : t.system.requestsOf(source.source);
  const settingOf = (setting: string) => config?.settings.find((one) => one.name === setting)?.value;
  const limit = (value: number | undefined, unit: string) =>
    value === undefined ? undefined : { value, label: t.system.limit(`${value} ${unit}`) };
  // A step without requests has no times and no share of errors.
  const answered = source.points.filter((point) => point.requests > 0);
  return (
    <Panel title={name}>
      <Figures
        items={[
          { label: t.system.perMinute, value: figures.format(overall.requests_per_minute) },
          { label: t.system.errorRate, value: `${figures.format(overall.server_error_percent)} %` },
          { label: 'p50', value: `${figures.format(overall.p50_ms)} ms` },
          { label: 'p95', value: `${figures.format(overall.p95_ms)} ms` },
          { label: 'p99', value: `${figures.format(overall.p99_ms)} ms` },
        ]}
      />
      <div className="mt-6 grid gap-x-6 gap-y-8 lg:grid-cols-3">
        <MeasuredChart
          label={t.system.throughput}
          unit={t.system.perMinuteUnit}
          span={span}
          points={source.points.map(({ at, requests_per_minute: value }) => ({ at, value }))}
          fileName={`${source.source}-requests.csv`}
        />
        <MeasuredChart
          label={t.system.responseTime}
          unit="ms"
          span={span}
          points={answered.map(({ at, p95_ms: value }) => ({ at, value }))}
          limit={limit(settingOf('response_time_threshold'), 'ms')}
          fileName={`${source.source}-p95.csv`}
        />
        <MeasuredChart
          label={t.system.errorRate}
          unit="%"
          span={span}
          points={answered.map(({ at, server_error_percent: value }) => ({ at, value }))}
          limit={limit(settingOf('error_rate_threshold'), '%')}
          fileName={`${source.source}-errors.csv`}
        />
      </div>
      <Routes source={source} name={name} />
      <p className="mt-3 max-w-[70ch] text-1 text-ink-3">{t.system.requestsFormula}</p>
    </Panel>
  );
}

function Routes({ source, name }: { source: PerformanceSource; name: string }) {
  const figures = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  if (source.routes.length === 0) return null;
  return (
    <div className="mt-6">
      <h3 className="mb-2 text-2 font-semibold">{t.system.routes}</h3>
      <Table
        caption={`${t.system.routes}: ${name}`}
        columns={[
          { key: 'route', label: t.system.route },
          { key: 'requests', label: t.system.requests, numeric: true },
          { key: 'p95', label: 'p95', numeric: true },
          { key: 'errors', label: t.system.errorRate, numeric: true },
          { key: 'p50', label: 'p50', numeric: true },
          { key: 'p99', label: 'p99', numeric: true },
        ]}
        rows={source.routes.map((route) => ({
          id: route.endpoint,
          cells: [
            <code
              key="route"
              className="font-mono max-sm:block max-sm:w-28 max-sm:break-words sm:whitespace-nowrap"
            >
              {route.endpoint}
            </code>,
            figures.format(route.requests),
            `${figures.format(route.p95_ms)}\u00a0ms`,
            `${figures.format(route.server_error_percent)}\u00a0%`,
            `${figures.format(route.p50_ms)}\u00a0ms`,
            `${figures.format(route.p99_ms)}\u00a0ms`,
          ],
        }))}
      />
    </div>
  );
}
