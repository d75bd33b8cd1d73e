import type { DatabaseFigures, Infrastructure } from '@watchkeeper/contracts/operations';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { Table } from '../../ui/table';
import { valuesOf } from './hosts-panel';
import { type ChartSpan, MeasuredChart } from './measured-chart';
import { bytesText } from './steps';

type Installation = NonNullable<Infrastructure['installation']>;

export function DatabasePanel({ database, span }: { database: Installation['database']; span: ChartSpan }) {
  const series = (metric: string) => database.series.find((one) => one.metric === metric);
  return (
    <Panel title={t.system.database}>
      <div className="grid gap-x-6 gap-y-8 lg:grid-cols-2">
        {(
          [
            'statement_p95_ms',
            'database_connections',
            'database_size_bytes',
            'statements_per_second',
          ] as const
        ).map((metric) => (
          <MeasuredChart
            key={metric}
            label={t.system.metric[metric]}
            unit={series(metric)?.unit ?? ''}
            span={span}
            points={valuesOf(series(metric))}
            fileName={`${metric}.csv`}
          />
        ))}
      </div>
      {database.now === null ? null : <Now now={database.now} />}
    </Panel>
  );
}

function Now({ now }: { now: DatabaseFigures }) {
  const figures = new Intl.NumberFormat(t.language, { maximumFractionDigits: 2 });
  const seconds = (value: number) => `${figures.format(value)} s`;
  return (
    <div className="mt-6 grid items-start gap-6 lg:grid-cols-2">
      <Facts
        facts={[
          { label: t.system.size, value: bytesText(now.size_bytes, t.language) },
          { label: t.system.connections, value: t.system.ofMost(now.connections, now.connections_max) },
          { label: t.system.active, value: figures.format(now.connections_active) },
          { label: t.system.idleInTransaction, value: figures.format(now.idle_in_transaction) },
          { label: t.system.locks, value: t.system.locksWaiting(now.locks, now.locks_waiting) },
          { label: t.system.deadlocks, value: figures.format(now.deadlocks) },
          { label: t.system.longestQuery, value: seconds(now.longest_query_seconds) },
          { label: t.system.longestTransaction, value: seconds(now.longest_transaction_seconds) },
          {
            label: t.system.cacheHits,
            value:
              now.cache_hit_percent === null
                ? t.state.unavailable
                : `${figures.format(now.cache_hit_percent)} %`,
          },
        ]}
      />
      <Table
        caption={t.system.largestTables}
        columns={[
          { key: 'name', label: t.system.table },
          { key: 'size', label: t.system.size, numeric: true },
          { key: 'rows', label: t.system.rows, numeric: true },
        ]}
        rows={now.largest_tables.map((table) => ({
          id: table.name,
          cells: [
            <code key="name" className="font-mono whitespace-nowrap">
              {table.name}
            </code>,
            bytesText(table.bytes, t.language),
            figures.format(table.rows_estimate),
          ],
        }))}
      />
    </div>
  );
}
