import { useQuery } from '@tanstack/react-query';
import type { Timeline as TimelineData } from '@watchkeeper/contracts/telemetry';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { serverNow } from '../../lib/clock';
import { formatDuration, formatExact, formatSecond } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { State } from '../../ui/mark';
import { Skeleton } from '../../ui/skeleton';
import { Table } from '../../ui/table';
import { Timeline } from '../../ui/timeline';
import { toneOfDevice } from '../../ui/tone';
import { timelineQuery } from './queries-past';
import type { Range } from './range';

interface PastProps {
  device: string;
  range: Range;
  timeZone: string;
}

export function TimelinePanel({ device, range, timeZone }: PastProps) {
  const { org } = useOrg();
  const timeline = useQuery(timelineQuery(org, device, range));
  return (
    <Panel title={t.deviceView.timeline}>
      <Loaded query={timeline} loading={<Skeleton className="h-24" />}>
        {(data) => <States data={data} timeZone={timeZone} />}
      </Loaded>
    </Panel>
  );
}

const wordOf = (status: TimelineData['spans'][number]['status']) =>
  status === null ? t.deviceView.notRecorded : t.deviceStatus[status];

function States({ data, timeZone }: { data: TimelineData; timeZone: string }) {
  const exact = (at: string) => formatExact(Date.parse(at), t.language, timeZone);
  const now = serverNow();
  const short = (at: string) => formatSecond(Date.parse(at), now, t.language, timeZone);
  const items = data.spans.map((span) => {
    const from = Date.parse(span.from);
    const to = Date.parse(span.to);
    const label = t.deviceView.timelineSpan(
      wordOf(span.status),
      exact(span.from),
      exact(span.to),
      formatDuration(to - from),
    );
    return { from, to, status: span.status, label };
  });
  const present = [...new Set(items.flatMap(({ status }) => (status === null ? [] : [status])))];
  const whole = formatDuration(Date.parse(data.to) - Date.parse(data.from));
  return (
    <div className="grid gap-3">
      <Timeline
        items={items}
        summary={t.deviceView.timelineSummary(whole, shares(data))}
        start={short(data.from)}
        end={short(data.to)}
        legend={present.map((status) => ({
          status,
          label: `${t.deviceStatus[status]}, ${lasted(data, status)}`,
        }))}
      />
      {data.truncated ? <p className="text-1 text-ink-3">{t.deviceView.timelineTruncated}</p> : null}
      <details>
        <summary className="text-1 text-accent">{t.deviceView.timelineTable}</summary>
        <div className="mt-2">
          <SpanTable data={data} exact={exact} />
        </div>
      </details>
    </div>
  );
}

function msOf(data: TimelineData, status: TimelineData['spans'][number]['status']): number {
  return data.spans
    .filter((span) => span.status === status)
    .reduce((sum, span) => sum + Date.parse(span.to) - Date.parse(span.from), 0);
}

const lasted = (data: TimelineData, status: TimelineData['spans'][number]['status']) =>
  formatDuration(msOf(data, status));

function shares(data: TimelineData): string {
  const statuses = [...new Set(data.spans.map((span) => span.status))];
  return statuses.map((status) => t.deviceView.timelinePart(wordOf(status), lasted(data, status))).join(', ');
}

function SpanTable({ data, exact }: { data: TimelineData; exact: (at: string) => string }) {
  return (
    <Table
      caption={t.deviceView.timeline}
      columns={[
        { key: 'state', label: t.deviceView.state },
        { key: 'from', label: t.deviceView.from },
        { key: 'to', label: t.deviceView.to },
        { key: 'lasted', label: t.deviceView.lasted, numeric: true },
      ]}
      rows={data.spans.toReversed().map((span) => ({
        id: span.from,
        cells: [
          <State key="state" tone={span.status === null ? 'unknown' : toneOfDevice(span.status)}>
            {wordOf(span.status)}
          </State>,
          exact(span.from),
          exact(span.to),
          formatDuration(Date.parse(span.to) - Date.parse(span.from)),
        ],
      }))}
    />
  );
}
