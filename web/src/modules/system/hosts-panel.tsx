import type { Infrastructure, MeasuredSeries, MonitoringConfig } from '@watchkeeper/contracts/operations';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { Facts } from '../../ui/facts';
import { type ChartSpan, MeasuredChart } from './measured-chart';
import { bytesText } from './steps';

type Installation = NonNullable<Infrastructure['installation']>;

const charted = [
  ['cpu_usage', 'cpu_usage_threshold'],
  ['memory_usage', 'memory_usage_threshold'],
  ['disk_usage', 'disk_usage_threshold'],
  ['network_rx_bytes_per_sec', undefined],
] as const;

interface HostsProps {
  hosts: Installation['hosts'];
  span: ChartSpan;
  config: MonitoringConfig | null;
}

/** The machines Watchkeeper runs on. */
export function HostsPanel({ hosts, span, config }: HostsProps) {
  const machines = hosts.filter((host) => host.source.includes('@'));
  if (machines.length === 0) return <Empty title={t.system.noHosts}>{t.system.noHostsText}</Empty>;
  return machines.map((host) => <Host key={host.source} host={host} span={span} config={config} />);
}

function Host({ host, span, config }: Omit<HostsProps, 'hosts'> & { host: Installation['hosts'][number] }) {
  const name = host.source.slice(host.source.indexOf('@') + 1);
  const series = (metric: string) => host.series.find((one) => one.metric === metric);
  const limitOf = (setting: string | undefined) => {
    const value = config?.settings.find((one) => one.name === setting)?.value;
    return value === undefined ? undefined : { value, label: t.system.limit(`${value} %`) };
  };
  return (
    <Panel title={t.system.host(name)}>
      <div className="grid gap-x-6 gap-y-8 lg:grid-cols-2">
        {charted.map(([metric, setting]) => (
          <MeasuredChart
            key={metric}
            label={t.system.metric[metric]}
            unit={series(metric)?.unit ?? ''}
            span={span}
            points={valuesOf(series(metric))}
            limit={limitOf(setting)}
            fileName={`${name}-${metric}.csv`}
          />
        ))}
      </div>
      <Facts className="mt-6 sm:max-w-md" facts={hostFacts(host.series)} />
    </Panel>
  );
}

export function valuesOf(series: MeasuredSeries | undefined): { at: string; value: number }[] {
  return series?.points.map(({ at, avg }) => ({ at, value: avg })) ?? [];
}

function hostFacts(series: readonly MeasuredSeries[]) {
  const figures = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 });
  const latest = (metric: string) => series.find((one) => one.metric === metric)?.latest;
  const said = (value: number | undefined, words: (value: number) => string) =>
    value === undefined ? t.state.unavailable : words(value);
  const bytes = (value: number) => bytesText(value, t.language);
  return [
    { label: t.system.diskFree, value: said(latest('disk_free_bytes'), bytes) },
    { label: t.system.memoryTotal, value: said(latest('memory_total_bytes'), bytes) },
    { label: t.system.load, value: said(latest('load_1m'), (value) => figures.format(value)) },
    { label: t.system.processMemory, value: said(latest('process_rss_bytes'), bytes) },
    {
      label: t.system.loopDelay,
      value: said(latest('event_loop_delay_p99_ms'), (value) => `${figures.format(value)} ms`),
    },
  ];
}
